import { READING_MS } from "../binding-lives.ts";
import type { RunRecord } from "../run-record.ts";
import type { SeenBinding } from "./seen-binding.ts";

/** What the wire has of a binding's ticks, against daprd's `dapr_component_input_binding_count` at the end of the observation. */
export interface CountAgreement {
  /**
   * `more-on-the-wire`: posts that daprd does not count. `taken-for-failures`: it counts ticks as failed that the app has answered
   * with success. `more-counted`: successes that the wire has not. `not-told`: that daprd did not give its metrics.
   */
  readonly result: "agree" | "more-on-the-wire" | "taken-for-failures" | "more-counted" | "not-told";
  readonly evidence: string;
}

/** `undefined`: the wire was not seen. Only the daprd that was there at the end can be asked. */
export function countAgreement(
  record: RunRecord,
  { component, lives, seen }: SeenBinding,
): CountAgreement | undefined {
  const last = lives.at(-1);
  if (seen !== "wire" || last?.ticks === undefined) return undefined;
  const { metrics } = last.binding;
  if (metrics === null) {
    return { result: "not-told", evidence: "daprd's counters were not to be had at the end" };
  }
  const counted = metrics.inputBindingCount(component);
  const ended = (success: boolean, byMs: number): number =>
    last.ticks?.filter((tick) => tick.success === success && (tick.doneMs ?? byMs) <= byMs).length ?? 0;
  // What ended so shortly before the last reading may be counted or not.
  const certainMs = record.observedUntilMs - READING_MS;
  const evidence = `answered on the wire: ${ended(true, record.observedUntilMs)} with success, ${ended(false, record.observedUntilMs)} without; daprd counted ${counted.success} and ${counted.failed}`;
  const [succeeded, failed] = [ended(true, certainMs), ended(false, certainMs)];
  if (counted.success + counted.failed < succeeded + failed) return { result: "more-on-the-wire", evidence };
  if (counted.success < succeeded) return { result: "taken-for-failures", evidence };
  const possible = last.later + last.ticks.filter(({ success }) => success !== false).length;
  return { result: counted.success > possible ? "more-counted" : "agree", evidence };
}
