import type { RecordedStop } from "../contracts/run-record.ts";
import type { Look } from "./look.ts";

/** The longest `WEBSITES_CONTAINER_STOP_TIME_LIMIT` (A7.1). */
export const LONGEST_GRACE_SECONDS = 120;

/** How the containers ended that a judgement may be about. */
export function stopsOf(look: Look): readonly RecordedStop[] {
  return (look.record.stopped ?? []).filter(({ container }) => look.concernsContainer(container));
}

/** Whether PID 1 of a container may be a shell: its start-up command says not, or does not say. */
export function mayBeShell(look: Look, container: string): boolean {
  const entrypoint = look.record.plan.containers.find(({ name }) => name === container)?.entrypoint;
  const [program] = entrypoint ?? [];
  return program === undefined || /(?:^|\/)(?:ba|da|a|z|k)?sh$|\.sh$/.test(program);
}

/** For evidence: `main: exit 137 after 5.0 s, by SIGKILL`. */
export function quoteStop({ container, exitCode, afterMs, killed }: RecordedStop): string {
  return `${container}: exit ${exitCode} after ${(afterMs / 1000).toFixed(1)} s${killed ? ", by SIGKILL at the end of the grace" : ""}`;
}
