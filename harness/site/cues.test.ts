import { expect, test } from "vitest";
import type { Happening } from "../timeline/events.ts";
import { Timeline } from "../timeline/timeline.ts";
import { cueMatcher, type RecordedCue } from "./cues.ts";

const EXITED = {
  type: "container.exited",
  container: "dapr",
  exitCode: 1,
  outOfMemory: false,
  asked: true,
} as const;
const TICK = {
  type: "tick",
  container: "dapr",
  component: "batch",
  count: 1,
  success: true,
  latencyMs: 1,
} as const;
const HEALTHY = {
  type: "probe.changed",
  probe: "healthz",
  container: "dapr",
  status: 204,
  detail: "",
} as const;
const STATE = { type: "platform.state", state: "Started" } as const;
const BLOB = {
  type: "blob.created",
  account: "a",
  container: "c",
  blob: "b",
  size: 1,
  createdOn: "",
} as const;

/** The position of the event at which the cue is seen, after all of them were recorded; -1: it is not. */
function seenAt(
  cue: RecordedCue,
  happenings: readonly (Happening | [Happening, string])[],
  since = 0,
): number {
  const timeline = new Timeline();
  for (const one of happenings) {
    if (Array.isArray(one)) timeline.record(one[0], undefined, one[1]);
    else timeline.record(one);
  }
  return cueMatcher(cue, { worker: 0, since })(timeline.events)?.seq ?? -1;
}

test.each<[RecordedCue, readonly Happening[], number]>([
  [
    { seen: "container-started", container: "dapr" },
    [
      EXITED,
      { type: "container.started", container: "main" },
      { type: "container.started", container: "dapr" },
    ],
    2,
  ],
  [{ seen: "container-exited", container: "dapr" }, [{ ...EXITED, container: "main" }, EXITED], 1],
  [
    { seen: "port-opened", port: 3500 },
    [
      { type: "port.opened", port: 9000, address: "::" },
      { type: "port.closed", port: 3500, address: "::" },
      { type: "port.opened", port: 3500, address: "::" },
    ],
    2,
  ],
  [{ seen: "app-found" }, [{ ...HEALTHY, status: 500 }, { ...HEALTHY, probe: "outbound" }, HEALTHY], 2],
  [{ seen: "app-found", container: "second" }, [HEALTHY, { ...HEALTHY, container: "second" }], 1],
  [
    { seen: "component-loaded", component: "blob" },
    [
      { type: "component.loaded", container: "dapr", component: "batch", componentType: "t" },
      { type: "component.gone", container: "dapr", component: "blob", componentType: "t" },
      { type: "component.loaded", container: "dapr", component: "blob", componentType: "t" },
    ],
    2,
  ],
  [
    { seen: "tick", component: "batch", success: false },
    [TICK, { ...TICK, component: "x", success: false }, { ...TICK, success: false }],
    2,
  ],
  [{ seen: "tick", count: 2 }, [TICK, EXITED, { ...TICK, component: "x" }, TICK], 2],
  [{ seen: "blob-created" }, [TICK, BLOB], 1],
  [
    { seen: "site-started" },
    [
      { ...STATE, details: "WarmUpProbeSucceeded" },
      { ...STATE, details: "Started" },
    ],
    1,
  ],
  [{ seen: "tick", count: 3 }, [TICK, TICK], -1],
])("%j", (cue, happenings, seq) => {
  expect(seenAt(cue, happenings)).toBe(seq);
});

test("what was before the schedule began does not count", () => {
  expect(seenAt({ seen: "tick" }, [TICK, { type: "schedule.began" }, EXITED, TICK], 2)).toBe(3);
});

test("what happens in another worker's instance does not count; what is the whole site's does", () => {
  const blob: [Happening, string][] = [
    [TICK, "1-1"],
    [TICK, "10-1"],
    [TICK, "0-2"],
  ];
  expect(seenAt({ seen: "tick" }, blob)).toBe(2);
  expect(seenAt({ seen: "blob-created" }, [[TICK, "1-1"], BLOB])).toBe(1);
});

test("a matcher that is asked again and again counts each event once", () => {
  const timeline = new Timeline();
  const match = cueMatcher({ seen: "tick", count: 2 }, { worker: 0, since: 0 });
  timeline.record(TICK);
  expect(match(timeline.events)).toBeUndefined();
  expect(match(timeline.events)).toBeUndefined();
  const second = timeline.record(TICK);
  expect(match(timeline.events)).toBe(second);
});
