import { expect, test } from "vitest";
import type { FaultData } from "../schedule/step.ts";
import { containerKill } from "./container-kill.ts";
import { containerPause } from "./container-pause.ts";
import { containerRestart } from "./container-restart.ts";
import { identityExpired } from "./identity-expired.ts";
import { identityRefused } from "./identity-refused.ts";
import { identitySlow } from "./identity-slow.ts";
import { identityStatus } from "./identity-status.ts";
import { identityWrongAudience } from "./identity-wrong-audience.ts";
import { inject } from "./inject.ts";
import { smallTarget, type SmallTarget } from "./test-support/small-target.ts";

const DAPR = { container: "dapr" };

/** `fault.injected 1 dapr is paused`. */
function recorded({ timeline }: SmallTarget): readonly string[] {
  return timeline.events.map((event) =>
    event.type === "fault.injected" || event.type === "fault.healed"
      ? `${event.type} ${event.id} ${event.what}`
      : event.type,
  );
}

test("a fault is on until its scope is left, and the record has both", async () => {
  const target = await smallTarget();
  {
    await using outage = await inject(target, containerPause(DAPR));
    expect(outage).toMatchObject({
      id: 1,
      fault: { fault: "container-pause", container: "dapr" },
      what: "dapr is paused",
    });
    expect(target.dapr.state).toBe("paused");
    expect(recorded(target)).toEqual(["fault.injected 1 dapr is paused"]);
  }
  expect(target.dapr.state).toBe("running");
  expect(recorded(target)).toEqual(["fault.injected 1 dapr is paused", "fault.healed 1 dapr is paused"]);
});

test("healing twice, also at once, undoes it once", async () => {
  const target = await smallTarget();
  const fault = await inject(target, containerKill(DAPR));
  await Promise.all([fault.heal(), fault.heal()]);
  await fault.heal();
  expect(target.dapr.done).toEqual(["kill SIGKILL", "start"]);
  expect(recorded(target)).toHaveLength(2);
});

test("several are on at once and are healed each by itself", async () => {
  const target = await smallTarget();
  const [slow, status, pause] = await Promise.all([
    inject(target, identitySlow({ delayMs: 8_000 })),
    inject(target, identityStatus({ status: 500, first: 2 })),
    inject(target, containerPause(DAPR)),
  ]);
  expect(new Set([slow.id, status.id, pause.id])).toEqual(new Set([1, 2, 3]));
  await status.heal();
  expect(target.dapr.state).toBe("paused");
  expect(target.asked.map(({ type }) => type)).toEqual(["identity.fail", "identity.fail", "identity.heal"]);
  await slow.heal();
  await pause.heal();
  expect(target.dapr.state).toBe("running");
  expect(new Set(recorded(target)).size).toBe(6);
});

test("one that can't be put in force is not recorded and leaves nothing behind", async () => {
  const target = await smallTarget();
  target.dapr.failure = new Error("the engine refused");
  await expect(inject(target, containerPause(DAPR))).rejects.toThrow("the engine refused");
  target.dapr.state = "created";
  await expect(inject(target, containerKill(DAPR))).rejects.toThrow(
    'FAULT_NOT_POSSIBLE: "dapr" can\'t be killed: it is created, not running.',
  );
  await expect(inject(target, containerPause({ container: "dabr" }))).rejects.toMatchObject({
    code: "CONTAINER_UNKNOWN",
  });
  await expect(inject(await smallTarget({ identity: false }), identityRefused())).rejects.toMatchObject({
    code: "FAULT_NOT_POSSIBLE",
  });
  expect(recorded(target)).toEqual([]);
  expect(target.dapr.done).toEqual([]);
});

test("an undo that fails is told, to everybody who heals it, and not recorded as done", async () => {
  const target = await smallTarget();
  const fault = await inject(target, containerPause(DAPR));
  target.dapr.failure = new Error("the engine refused");
  await expect(fault.heal()).rejects.toThrow("the engine refused");
  await expect(fault.heal()).rejects.toThrow("the engine refused");
  expect(recorded(target)).toEqual(["fault.injected 1 dapr is paused"]);
});

test("when the site has ended there is nothing to undo, and nothing to inject", async () => {
  const target = await smallTarget();
  const [before, during] = [
    await inject(target, containerPause(DAPR)),
    await inject(target, identityRefused()),
  ];
  target.life.abort(new Error("the site was disposed"));
  target.dapr.failure = new Error("no such container");
  await before.heal();
  await during.heal();
  expect(target.dapr.done).toEqual(["pause"]);
  expect(recorded(target)).toHaveLength(2);
  await expect(inject(target, identityRefused())).rejects.toThrow("the site was disposed");
});

test("an undo that the site's end overtakes fails nobody", async () => {
  const target = await smallTarget();
  const fault = await inject(target, containerPause(DAPR));
  target.dapr.failure = new Error("no such container");
  const healing = fault.heal();
  target.life.abort(new Error("the site was disposed"));
  await healing;
  expect(recorded(target)).toHaveLength(1);
});

test.each<[string, Partial<SmallTarget["dapr"]>, readonly string[]]>([
  ["has been resumed by somebody", { state: "running" }, ["pause"]],
  ["was killed meanwhile", { state: "exited" }, ["pause"]],
  ["is stopped with its site", { isRetired: true }, ["pause"]],
  ["is as it was left", {}, ["pause", "resume"]],
])("a paused container that %s", async (_, meanwhile, done) => {
  const target = await smallTarget();
  const fault = await inject(target, containerPause(DAPR));
  Object.assign(target.dapr, meanwhile);
  await fault.heal();
  expect(target.dapr.done).toEqual(done);
});

test.each<[string, FaultData, Partial<SmallTarget["dapr"]>, readonly string[]]>([
  ["is started again", containerKill(DAPR), {}, ["kill SIGKILL", "start"]],
  ["stays as it is where it was to be left", containerKill({ ...DAPR, leave: true }), {}, ["kill SIGKILL"]],
  ["is not started twice", containerKill(DAPR), { state: "running" }, ["kill SIGKILL"]],
  ["is not started when its site is stopped", containerKill(DAPR), { isRetired: true }, ["kill SIGKILL"]],
  [
    "is waited for where its process takes its time",
    containerKill({ ...DAPR, signal: "SIGTERM" }),
    {},
    ["kill SIGTERM", "start"],
  ],
  [
    "goes on where its process takes no notice",
    containerKill({ ...DAPR, signal: "SIGHUP" }),
    { endsBySignals: false },
    ["kill SIGHUP"],
  ],
])("a killed container %s", async (_, data, meanwhile, done) => {
  const target = await smallTarget();
  const fault = await inject(target, data);
  Object.assign(target.dapr, meanwhile);
  await fault.heal();
  expect(target.dapr.done).toEqual(done);
});

test("a restart has no undo", async () => {
  const target = await smallTarget();
  const fault = await inject(target, containerRestart(DAPR));
  await fault.heal();
  expect(target.dapr.done).toEqual(["restart"]);
});

test.each<[FaultData, object, string]>([
  [identitySlow({ delayMs: 1_500 }), { delayMs: 1_500 }, "the identity service answers 1.5 s late"],
  [
    identityStatus({ status: 500, first: 2 }),
    { status: 500, first: 2 },
    "the identity service answers 500 for the first 2 requests",
  ],
  [identityRefused(), { refused: true }, "the identity service refuses connections"],
  [
    identityExpired({ first: 1 }),
    { expired: true, first: 1 },
    "the identity service hands out expired tokens for the first request",
  ],
  [
    identityWrongAudience(),
    { wrongAudience: true },
    "the identity service hands out tokens for another audience",
  ],
])("%j asks the agents for it", async (data, failure, what) => {
  const target = await smallTarget();
  const fault = await inject(target, data);
  expect(fault.what).toBe(what);
  expect(target.asked).toEqual([{ type: "identity.fail", fault: "identity-1", failure }]);
  await fault.heal();
  expect(target.asked.at(-1)).toEqual({ type: "identity.heal", fault: "identity-1" });
});
