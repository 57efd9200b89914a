import type { Judgement } from "./contract.ts";
import { observed } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/** That something follows from a container of the instance that had ended by itself by then; nothing where none had. */
export function followsFromExit(
  record: RunRecord,
  instance: string | undefined,
  byMs = Number.POSITIVE_INFINITY,
): Pick<Judgement, "because"> {
  const exit = observed(record, "container.exited").findLast(
    (event) =>
      !event.asked &&
      event.instance === instance &&
      event.tMs <= byMs &&
      record.plan.containers.some(({ name }) => name === event.container),
  );
  return exit === undefined ? {} : { because: `nothingExits(${JSON.stringify(exit.container)})` };
}
