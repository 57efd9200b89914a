import * as fc from "fast-check";
import { LATEST_MS } from "../check-moment.ts";
import type { Schedule } from "../schedule.ts";
import { SIGNALS } from "../signals.ts";
import type { Cue, FaultData, Moment, ScheduledStep } from "../step.ts";

/** Schedules of all kinds for these containers, each naming every one of them once. */
export function anySchedule(containers: readonly string[]): fc.Arbitrary<Schedule> {
  const starts = fc
    .tuple(
      fc.shuffledSubarray([...containers], { minLength: containers.length }),
      fc.array(fc.option(time), { minLength: containers.length, maxLength: containers.length }),
    )
    .map(([names, times]) => names.map((container, index) => ({ container, atMs: times[index] ?? null })));
  return fc.record(
    { starts, steps: fc.array(anyStep(containers), { minLength: 1, maxLength: 4 }) },
    { requiredKeys: ["starts"] },
  );
}

const time = fc.integer({ min: 0, max: LATEST_MS });

function anyStep(containers: readonly string[]): fc.Arbitrary<ScheduledStep> {
  const container = fc.constantFrom(...containers);
  const base = { when: anyMoment(containers), worker: fc.integer({ min: 0, max: 29 }) };
  return fc.oneof(
    fc.record(
      {
        ...base,
        do: fc.constantFrom("start", "pause", "resume", "restart", "stop"),
        container,
      } as const,
      { requiredKeys: ["when", "do", "container"] },
    ),
    fc.record(
      { ...base, do: fc.constant("kill" as const), container, signal: fc.constantFrom(...SIGNALS) },
      { requiredKeys: ["when", "do", "container"] },
    ),
    fc.record({ ...base, do: fc.constant("stop-site" as const) }, { requiredKeys: ["when", "do"] }),
    // An end that is a time is made later than the beginning.
    fc
      .record(
        { ...base, inject: anyFault, until: anyMoment(containers) },
        { requiredKeys: ["when", "inject"] },
      )
      .filter(
        ({ when, until }) =>
          until === undefined || !("atMs" in when && "atMs" in until) || when.atMs < until.atMs,
      ),
  );
}

const anyFault: fc.Arbitrary<FaultData> = fc
  .tuple(
    fc.string({ minLength: 1 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,8}Ms$/), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
  )
  .map(([fault, attributes]) => ({ ...attributes, fault }));

function anyMoment(containers: readonly string[]): fc.Arbitrary<Moment> {
  return fc.oneof(
    fc.record({ atMs: time }),
    fc.record({ after: anyCue(containers), plusMs: time }, { requiredKeys: ["after"] }),
  );
}

function anyCue(containers: readonly string[]): fc.Arbitrary<Cue> {
  const container = fc.constantFrom(...containers);
  const count = fc.integer({ min: 1, max: 100 });
  const text = fc.string({ minLength: 1 });
  return fc.oneof(
    fc.record({ seen: fc.constantFrom("container-started", "container-exited"), container, count } as const, {
      requiredKeys: ["seen", "container"],
    }),
    fc.record(
      { seen: fc.constant("port-opened" as const), port: fc.integer({ min: 1, max: 65_535 }), count },
      { requiredKeys: ["seen", "port"] },
    ),
    fc.record({ seen: fc.constant("app-found" as const), container, count }, { requiredKeys: ["seen"] }),
    fc.record(
      { seen: fc.constant("component-loaded" as const), component: text, count },
      { requiredKeys: ["seen", "component"] },
    ),
    fc.record(
      { seen: fc.constant("tick" as const), component: text, success: fc.boolean(), count },
      { requiredKeys: ["seen"] },
    ),
    fc.record({ seen: fc.constantFrom("blob-created", "site-started"), count } as const, {
      requiredKeys: ["seen"],
    }),
    fc.record({ seen: fc.constant("site-ready" as const) }),
  );
}
