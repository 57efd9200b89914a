import type { BindingLife, Call } from "./binding-lives.ts";
import { intervalAt, isExcused } from "./due-ticks.ts";
import { originOf } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/** Ticks of a binding that came while one before was under way, by daprd's counters, and undisturbed. */
export interface Overlaps {
  /** Calls that took longer than the interval. */
  readonly slow: readonly Call[];
  /** Calls that were under way together at the end; 0 where there were no two. */
  readonly together: number;
}

export function overlapsOf(record: RunRecord, binding: BindingLife): Overlaps {
  const originMs = originOf(record);
  const { calls, pending = 0, goodToMs } = binding;
  const slow = calls.filter(({ calledMs, doneMs }) => {
    const intervalMs = intervalAt(binding, originMs + calledMs);
    return (
      doneMs - calledMs > intervalMs * 1.1 + goodToMs / 2 &&
      !isExcused(binding, { fromMs: calledMs, toMs: doneMs }, originMs)
    );
  });
  const end = { fromMs: record.observedUntilMs, toMs: record.observedUntilMs };
  return { slow, together: pending > 1 && !isExcused(binding, end, originMs) ? pending : 0 };
}
