import { SitecarError } from "../errors/index.ts";
import { checkMoment, isBefore, LATEST_MS } from "./check-moment.ts";
import type { ScheduleValue } from "./schedule-value.ts";
import { SIGNALS } from "./signals.ts";
import type { ContainerAction, ContainerStep, FaultData, FaultStep, ScheduledStep } from "./step.ts";
import { unknownContainer } from "./unknown-container.ts";

const ACTIONS = ["start", "kill", "pause", "resume", "restart", "stop"] as const satisfies ContainerAction[];

/** App Service's own limit of workers for one site (A3.9). */
const MOST_WORKERS = 30;

/**
 * The steps of a schedule, each with nothing but what a step may have. Attributes of a fault are checked against its kind
 * where the kinds are known, see `faults/`.
 * @param containers the site's, and storage if it has any.
 * @throws {SitecarError} SCHEDULE_INVALID, SCHEDULE_UNKNOWN_CONTAINER; both name the path of the bad value.
 */
export function checkSteps(steps: ScheduleValue, containers: readonly string[]): readonly ScheduledStep[] {
  return steps.items().map((step) => checkStep(step, containers));
}

function checkStep(step: ScheduleValue, containers: readonly string[]): ScheduledStep {
  const all = step.fields(["when", "do", "container", "signal", "inject", "until", "worker"]);
  const doing = all.get("do");
  const inject = all.get("inject");
  if (doing !== undefined && inject !== undefined) {
    throw step.invalid('let a step have either "do" or "inject"; write two steps for both.');
  }
  if (inject !== undefined) return faultStep(step, containers);
  if (doing === undefined)
    throw step.invalid('say what is done: "do" with an action, or "inject" with a fault.');
  return doing.oneOf([...ACTIONS, "stop-site"]) === "stop-site"
    ? { ...when(step.fields(["when", "do", "worker"]), step, containers), do: "stop-site" }
    : containerStep(step, doing.oneOf(ACTIONS), containers);
}

function containerStep(
  step: ScheduleValue,
  action: ContainerAction,
  containers: readonly string[],
): ContainerStep {
  const fields = step.fields(["when", "do", "container", "worker", ...(action === "kill" ? ["signal"] : [])]);
  const container = required(fields, step, "container");
  const name = container.text();
  if (!containers.includes(name)) throw unknownContainer(name, containers, container.path);
  const signal = fields.get("signal")?.oneOf(SIGNALS);
  return {
    ...when(fields, step, containers),
    do: action,
    container: name,
    ...(signal === undefined ? {} : { signal }),
  };
}

function faultStep(step: ScheduleValue, containers: readonly string[]): FaultStep {
  const fields = step.fields(["when", "inject", "until", "worker"]);
  const base = when(fields, step, containers);
  const inject = faultData(required(fields, step, "inject"));
  const written = fields.get("until");
  if (written === undefined) return { ...base, inject };
  const until = checkMoment(written, containers);
  if (!isBefore(base.when, until)) {
    throw written.invalid("let it be later than the step's when.");
  }
  return { ...base, inject, until };
}

function faultData(written: ScheduleValue): FaultData {
  const { value } = written;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw written.invalid('write a fault\'s data: {"fault": "<kind>", …}.');
  }
  const fields = written.fields(Object.keys(value));
  const fault = required(fields, written, "fault").text();
  const attributes = [...fields].map(([name, field]): [string, string | number | boolean] => {
    const given = field.value;
    if (typeof given === "string" || typeof given === "boolean") return [name, given];
    if (typeof given === "number" && Number.isFinite(given)) return [name, given];
    throw field.invalid("write a text, a number, true or false.");
  });
  return { ...Object.fromEntries(attributes), fault };
}

type Fields = ReadonlyMap<string, ScheduleValue>;

function when(
  fields: Fields,
  step: ScheduleValue,
  containers: readonly string[],
): Pick<ScheduledStep, "when" | "worker"> {
  const worker = fields.get("worker")?.whole(0, MOST_WORKERS - 1);
  return {
    when: checkMoment(required(fields, step, "when"), containers),
    ...(worker === undefined ? {} : { worker }),
  };
}

function required(fields: Fields, parent: ScheduleValue, key: string): ScheduleValue {
  const field = fields.get(key);
  if (field !== undefined) return field;
  throw new SitecarError("SCHEDULE_INVALID", {
    message: `the schedule's ${parent.path} has no "${key}".`,
    remedy:
      key === "when"
        ? `say when: {"atMs": 5000} up to ${LATEST_MS}, or {"after": {"seen": …}}.`
        : `add "${key}".`,
  });
}
