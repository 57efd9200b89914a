import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSchedule } from "./describe-schedule.ts";
import { parseSchedule } from "./parse-schedule.ts";
import { resolveSchedule } from "./resolve-schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { ScheduledStep } from "./step.ts";
import { anySchedule } from "./test-support/any-schedule.ts";

const CONTAINERS = ["main", "dapr"];
const ALL = ["storage", ...CONTAINERS];

/** As it comes from a file. */
function resolveSteps(...steps: readonly unknown[]): readonly ScheduledStep[] {
  const schedule = parseSchedule(JSON.stringify({ steps }), "a test");
  return resolveSchedule(schedule, CONTAINERS, true).steps ?? [];
}

const KILL = { when: { atMs: 5 }, do: "kill", container: "dapr" };

describe("any schedule", () => {
  it("comes back from JSON as it was, and means itself when it has been resolved", () => {
    fc.assert(
      fc.property(anySchedule(ALL), (schedule: Schedule) => {
        const once = resolveSchedule(schedule, CONTAINERS, true);
        // Starts are put in their order; nothing else is changed, left out or added.
        expect(once.steps).toEqual(schedule.steps);
        expect(once.starts.toSorted(byName)).toEqual(schedule.starts.toSorted(byName));
        expect(resolveSchedule(once, CONTAINERS, true)).toEqual(once);
        const read = parseSchedule(JSON.stringify(once), "a test");
        expect(resolveSchedule(read, CONTAINERS, true)).toEqual(once);
        expect(describeSchedule(once).split("; ")[0]).toContain("storage");
      }),
    );
  });
});

describe("the steps of a schedule", () => {
  it("stand beside starts in any form", () => {
    const steps = [KILL];
    const resolved = (starts: unknown): unknown =>
      resolveSchedule(parseSchedule(JSON.stringify({ starts, steps }), "a test"), CONTAINERS, true);
    const bothAtOnce = [
      { container: "main", atMs: 0 },
      { container: "dapr", atMs: 0 },
    ];
    expect(resolved(undefined)).toEqual({ starts: bothAtOnce, steps });
    expect(resolved(["dapr", "main"])).toEqual({ starts: bothAtOnce.toReversed(), steps });
    expect(resolved({ dapr: "never" })).toEqual({
      starts: [
        { container: "main", atMs: 0 },
        { container: "dapr", atMs: null },
      ],
      steps,
    });
    expect(resolved(bothAtOnce)).toEqual({ starts: bothAtOnce, steps });
  });

  it("do not make a container of that name impossible", () => {
    const { starts } = resolveSchedule({ steps: 5, starts: "never" }, ["steps", "starts"], false);
    expect(starts).toEqual([
      { container: "steps", atMs: 5 },
      { container: "starts", atMs: null },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["no list", KILL, "steps is {"],
    ["no moment", [KILL, { do: "kill", container: "dapr" }], 'steps[1] has no "when"'],
    ["a time and a cue", [{ ...KILL, when: { atMs: 1, after: { seen: "tick" } } }], "steps[0].when is"],
    [
      "a pause after a time",
      [{ ...KILL, when: { atMs: 1, plusMs: 1 } }],
      "steps[0].when.plusMs is no known key",
    ],
    ["a negative time", [{ ...KILL, when: { atMs: -1 } }], "steps[0].when.atMs is -1"],
    ["a time after a day", [{ ...KILL, when: { atMs: 86_400_001 } }], "steps[0].when.atMs is 86400001"],
    ["a time in words", [{ ...KILL, when: { atMs: "5s" } }], 'steps[0].when.atMs is "5s"'],
    ["a negative pause", [{ ...KILL, when: cue({}, { plusMs: -5 }) }], "steps[0].when.plusMs is -5"],
    [
      "an unknown cue",
      [KILL, KILL, { ...KILL, when: cue({ seen: "tik" }) }],
      'steps[2].when.after.seen is "tik". Did you mean "tick"?',
    ],
    ["a cue of nothing", [{ ...KILL, when: { after: {} } }], "steps[0].when.after is {}"],
    ["no count", [{ ...KILL, when: cue({ count: 0 }) }], "steps[0].when.after.count is 0"],
    ["half a count", [{ ...KILL, when: cue({ count: 1.5 }) }], "steps[0].when.after.count is 1.5"],
    [
      "ready twice",
      [{ ...KILL, when: cue({ seen: "site-ready", count: 2 }) }],
      "steps[0].when.after.count is no known key",
    ],
    ["a port of a tick", [{ ...KILL, when: cue({ port: 80 }) }], "steps[0].when.after.port is no known key"],
    [
      "a port that is none",
      [{ ...KILL, when: cue({ seen: "port-opened", port: 0 }) }],
      "steps[0].when.after.port is 0",
    ],
    ["a port unsaid", [{ ...KILL, when: cue({ seen: "port-opened" }) }], "steps[0].when.after is"],
    ["an unknown action", [{ ...KILL, do: "kil" }], 'steps[0].do is "kil". Did you mean "kill"?'],
    ["nothing done", [{ when: { atMs: 0 } }], "steps[0] is"],
    ["two things done", [{ ...KILL, inject: { fault: "a" } }], "steps[0] is"],
    [
      "a mistyped key",
      [{ ...KILL, contaner: "dapr" }],
      'steps[0].contaner is no known key. Did you mean "container"?',
    ],
    ["a pause by signal", [{ ...KILL, do: "pause", signal: "SIGTERM" }], "steps[0].signal is no known key"],
    [
      "a signal that is none",
      [{ ...KILL, signal: "SIGKIL" }],
      'steps[0].signal is "SIGKIL". Did you mean "SIGKILL"?',
    ],
    ["the site stopped in a container", [{ ...KILL, do: "stop-site" }], "steps[0].container is no known key"],
    ["no container", [{ when: { atMs: 0 }, do: "pause" }], 'steps[0] has no "container"'],
    ["half a worker", [{ ...KILL, worker: 0.5 }], "steps[0].worker is 0.5"],
    ["a fault without kind", [{ when: { atMs: 0 }, inject: { first: 3 } }], 'steps[0].inject has no "fault"'],
    ["a fault in a list", [{ when: { atMs: 0 }, inject: ["slow"] }], "steps[0].inject is"],
    [
      "a fault with a list",
      [{ when: { atMs: 0 }, inject: { fault: "x", a: [1] } }],
      "steps[0].inject.a is [1]",
    ],
    [
      "an end before the beginning",
      [{ when: { atMs: 5 }, inject: { fault: "x" }, until: { atMs: 5 } }],
      "steps[0].until is",
    ],
  ])("%s is told with its path", (_, steps, message) => {
    const read = () => resolveSchedule(parseSchedule(JSON.stringify({ steps }), "a test"), CONTAINERS, true);
    expect(read).toThrowError(expect.objectContaining({ code: "SCHEDULE_INVALID" }));
    expect(read).toThrowError(`the schedule's ${message}`);
    expect(read).toThrowError(/\nFix: \S/);
  });

  it("name containers that the site has", () => {
    for (const [step, path] of [
      [{ ...KILL, container: "dabr" }, "steps[0].container"],
      [{ ...KILL, when: cue({ seen: "app-found", container: "dabr" }) }, "steps[0].when.after.container"],
    ] as const) {
      expect(() => resolveSteps(step)).toThrowError(
        `SCHEDULE_UNKNOWN_CONTAINER: the start schedule names "dabr" (${path}), which the site has not. Did you mean "dapr"?`,
      );
    }
    expect(resolveSteps({ ...KILL, container: "storage" })).toHaveLength(1);
  });
});

describe("a schedule's text", () => {
  it.each<[string, string, string]>([
    ["no JSON", "{starts: []}", "a.json is not valid JSON"],
    ["a number", "5", "the schedule's text is 5"],
    ["a list of no names", "[1]", "the schedule's text is [1]"],
    [
      "a saved trial",
      '{"sitecar":"schedule/1","inputs":[],"schedule":{"starts":[]}}',
      "a.json is a saved trial",
    ],
  ])("that is %s is refused", (_, text, message) => {
    expect(() => parseSchedule(text, "a.json")).toThrowError(`SCHEDULE_INVALID: ${message}`);
  });

  it("has no other key beside starts and steps", () => {
    const schedule = parseSchedule('{"steps":[],"start":{}}', "a.json");
    expect(() => resolveSchedule(schedule, CONTAINERS, true)).toThrowError(
      'the schedule\'s start is no known key. Did you mean "starts"?',
    );
  });
});

describe("a schedule in words", () => {
  it("tells starts, then steps", () => {
    const schedule = resolveSchedule(
      {
        starts: { storage: 0, dapr: 2_000, main: 4_030 },
        steps: [
          { when: { after: { seen: "tick", count: 2 } }, do: "kill", container: "dapr" },
          {
            when: { after: { seen: "app-found" }, plusMs: 500 },
            do: "kill",
            container: "main",
            signal: "SIGTERM",
          },
          { when: { atMs: 0 }, inject: { fault: "identity-slow", delayMs: 8_000 }, until: { atMs: 12_000 } },
          { when: { atMs: 1_500 }, do: "pause", container: "main", worker: 1 },
          { when: { after: { seen: "site-ready" } }, do: "stop-site" },
          { when: { after: { seen: "tick", ready: true }, plusMs: 750 }, do: "stop-site" },
        ],
      },
      CONTAINERS,
      true,
    );
    expect(describeSchedule(schedule)).toBe(
      "storage 0 · dapr +2.0 s · main +4.03 s; dapr killed at the 2nd tick; " +
        "main killed by SIGTERM 500 ms after the first finding of the app; " +
        "identity-slow delayMs=8000 from 0 until +12.0 s; main of worker 1 paused at +1.5 s; " +
        "the site stopped at the site's being ready; " +
        "the site stopped 750 ms after the first tick of the ready site",
    );
  });

  it.each([
    [1, "first"],
    [3, "3rd"],
    [11, "11th"],
    [12, "12th"],
    [21, "21st"],
    [112, "112th"],
  ])("counts: %d is %s", (count, word) => {
    const step = { when: { after: { seen: "blob-created", count } }, do: "stop-site" } as const;
    expect(describeSchedule({ starts: [], steps: [step] })).toContain(`the ${word} blob`);
  });
});

function cue(fields: object, more: object = {}): unknown {
  return { after: { seen: "tick", ...fields }, ...more };
}

function byName(a: { readonly container: string }, b: { readonly container: string }): number {
  return a.container.localeCompare(b.container);
}
