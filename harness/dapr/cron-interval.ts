import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { DAPR_YAML, splitDocuments } from "./component-files.ts";

/** A cron binding whose schedule was replaced. */
export interface ReplacedSchedule {
  readonly component: string;
  readonly before: string;
}

/**
 * A component file's text with the schedule of every cron binding in it replaced by `@every <every>`; all else stays as it is
 * written, character by character. A schedule that comes from a secret or an alias is left alone.
 */
export function withCronInterval(
  text: string,
  every: string,
): { readonly text: string; readonly replaced: readonly ReplacedSchedule[] } {
  const replaced: ReplacedSchedule[] = [];
  let result = text;
  // From the last to the first, so that what stands before keeps its place.
  for (const { text: part, offset } of splitDocuments(text).toReversed()) {
    const document = parseDocument(part, DAPR_YAML);
    if (document.errors.length > 0 || document.getIn(["spec", "type"]) !== "bindings.cron") continue;
    const metadata = document.getIn(["spec", "metadata"]);
    for (const item of isSeq(metadata) ? metadata.items.toReversed() : []) {
      if (!isMap(item) || String(item.get("name")).toLowerCase() !== "schedule") continue;
      const value = item.get("value", true);
      if (!isScalar(value) || !value.range) continue;
      const [from, to] = value.range;
      result = `${result.slice(0, offset + from)}"@every ${every}"${result.slice(offset + to)}`;
      replaced.unshift({
        component: String(document.getIn(["metadata", "name"])),
        before: String(value.value),
      });
    }
  }
  return { text: result, replaced };
}
