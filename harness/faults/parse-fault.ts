import { parseArgsStringToArgv } from "string-argv";
import { SitecarError } from "../errors/index.ts";
import type { FaultData } from "../schedule/step.ts";
import { parseDuration } from "../shared/duration.ts";
import { checkFault, kindOf, type CheckFaultOptions } from "./check-fault.ts";
import type { FaultAttribute } from "./fault-kind.ts";

/**
 * A fault as it is written on a command line: its kind, then attributes. What is in milliseconds may be written as a duration:
 * `identity-slow delayMs=8s`.
 * @throws {SitecarError} USAGE for a text of another form, FAULT_UNKNOWN, FAULT_INVALID.
 */
export function parseFault(text: string, options: CheckFaultOptions = {}): FaultData {
  const [name, ...words] = parseArgsStringToArgv(text);
  if (name === undefined) throw malformed(text, "it is empty");
  const kind = kindOf(name, options.path);
  const attributes = new Map<string, string | number | boolean>();
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 1) throw malformed(text, `"${word}" is no attribute`);
    const attribute = word.slice(0, equals);
    if (attributes.has(attribute)) throw malformed(text, `it has ${attribute} twice`);
    if (attribute === "fault") throw malformed(text, "its kind stands at the beginning");
    const type = Object.hasOwn(kind.attributes, attribute) ? kind.attributes[attribute]?.type : undefined;
    attributes.set(attribute, valueOf(word.slice(equals + 1), attribute, type));
  }
  const data: FaultData = { ...Object.fromEntries(attributes), fault: name };
  checkFault(data, options);
  return data;
}

/** What can't be read as its type stays a text, which the check then names. */
function valueOf(
  text: string,
  attribute: string,
  type: FaultAttribute["type"] | undefined,
): string | number | boolean {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (type !== "number") return text;
  const durationMs = attribute.endsWith("Ms") ? parseDuration(text) : undefined;
  if (durationMs !== undefined) return durationMs;
  return /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
}

function malformed(text: string, why: string): SitecarError {
  return new SitecarError("USAGE", {
    message: `${JSON.stringify(text)} is no fault: ${why}.`,
    remedy:
      'write <kind> attribute=value …, for example "identity-slow delayMs=8s"; `sitecar faults` lists all.',
  });
}
