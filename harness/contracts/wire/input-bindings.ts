import { isInputBinding, type DaprComponent } from "../../dapr/component-files.ts";
import type { RunRecord } from "../run-record.ts";

/** The cron bindings of the sidecars' files that daprd reads, or may read. */
export function cronBindingsOf(record: RunRecord): readonly DaprComponent[] {
  return inputBindingsOf(record).filter(({ type }) => type === "bindings.cron");
}

/** The input bindings of the sidecars' files, also where only daprd knows whether they are. */
export function inputBindingsOf({
  componentFiles,
}: Pick<RunRecord, "componentFiles">): readonly DaprComponent[] {
  return [...componentFiles.values()]
    .flatMap((files) => files.flatMap(({ components }) => components))
    .filter((component) => isInputBinding(component) !== "no");
}
