import { STORAGE, type Schedule, type ScheduledStart } from "../../schedule/schedule.ts";
import type { Parameter, ParameterContext } from "./parameter.ts";
import { inOrder } from "../space/schedule-key.ts";
import { stepParameters } from "./step-parameters.ts";

/** All numbers of a schedule that say when or how much: delays of starts, moments of steps, lengths and attributes of faults. */
export function parametersOf(schedule: Schedule, context: ParameterContext): readonly Parameter[] {
  return [...startParameters(schedule, context), ...stepParameters(schedule, context)];
}

/** Each gap between start times; all that comes later moves along. */
function startParameters(schedule: Schedule, context: ParameterContext): readonly Parameter[] {
  const starts = inOrder(schedule.starts);
  const times = [...new Set(starts.flatMap(({ atMs }) => (atMs === null ? [] : [atMs])))];
  return times.slice(1).map((time, index) => {
    const before = times[index] ?? 0;
    const moved = (by: number) => (start: ScheduledStart) =>
      start.atMs !== null && start.atMs >= time ? { ...start, atMs: start.atMs + by } : start;
    return {
      what: laterBy(
        starts.filter(({ atMs }) => atMs === time).map(({ container }) => container),
        starts.filter(({ atMs }) => atMs === before).map(({ container }) => container),
        context,
      ),
      value: time - before,
      least: 0,
      at: (value) => ({ ...schedule, starts: starts.map(moved(value - (time - before))) }),
    };
  });
}

/** `main starts later than dapr by`. Of several earlier ones the one that the symptom names, else a sidecar, else all. */
export function laterBy(
  later: readonly string[],
  earlier: readonly string[],
  { symptom, sidecars }: ParameterContext,
): string {
  const named = earlier.filter((container) => symptom.includes(`"${container}"`));
  const dapr = earlier.filter((container) => sidecars.includes(container));
  const told = [named, dapr].find((some) => some.length === 1) ?? earlier;
  const [only] = later;
  const starts = told.length === 1 ? (told[0] === STORAGE ? "storage can be reached" : told[0]) : list(told);
  if (later.length === 1 && only === STORAGE) {
    return `storage can be reached later than ${starts} ${told.length === 1 ? "starts" : "start"} by`;
  }
  return `${list(later)} ${later.length === 1 ? "starts" : "start"} later than ${starts} by`;
}

function list(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
