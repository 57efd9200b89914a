import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "vitest";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { tick, type TickResult } from "../../harness/twin/tick/tick.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { fullSite } from "./parity-sites.ts";
import { describeRequest, RECORDING_APP, recordedBy, type RecordedRequest } from "./recording-app.ts";

const COMPONENTS = "harness/twin/test-support/components";
const APP_PORT = 9000;

/** Bindings of `ticks.yaml`, and where daprd asks for each. */
const TARGETS = {
  "tick-stated": "/ticks/stated%20me?x=1",
  "tick-unrouted": "/tick-unrouted",
  "tick-asked": "/ticks/asked",
  "tick-not-allowed": "/ticks/not-allowed",
  "tick-refused": "/ticks/refused",
  "tick-accepted": "/ticks/accepted",
  "tick-redirected": "/ticks/redirected",
  "tick-again": "/ticks/again",
} as const satisfies Record<string, string>;

const test = siteTest("fixtures/sites/example");

test("tick sends an app what daprd sends it, header by header, and says what daprd counts", async ({
  startSite,
  definition,
}) => {
  const { definition: variant, options } = await fullSite(definition);
  const site = await startSite(options, variant);
  const sent = await untilAllTicked(site);

  await using app = await startRecordingApp();
  const results: Record<string, TickResult> = {};
  for (const binding of Object.keys(TARGETS)) {
    results[binding] = await tick(`http://127.0.0.1:${app.port}`, binding, {
      resources: COMPONENTS,
    });
  }
  const ours = await recordedBy(app.port);

  for (const [binding, target] of Object.entries(TARGETS)) {
    expect({ binding, requests: oneFiring(ours, target) }).toEqual({
      binding,
      requests: oneFiring(sent, target),
    });
    const outcome = results[binding]?.outcome;
    expect({ binding, outcome }).toEqual({ binding, outcome: await outcomeOf(site, binding, target) });
  }
  expect(results["tick-again"]?.posts.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(results["tick-refused"]?.posts).toEqual([]);
});

/** Of a binding's requests the question and one firing, however often it is posted. */
function oneFiring(requests: readonly RecordedRequest[], target: string): readonly string[] {
  const own = requests.filter(({ url }) => url === target);
  const firedAt = firing(own.find(({ method }) => method === "POST"));
  return own.filter((one) => one.method !== "POST" || firing(one) === firedAt).map(describeRequest);
}

function firing(request: RecordedRequest | undefined): string | undefined {
  const { rawHeaders = [] } = request ?? {};
  return rawHeaders[rawHeaders.indexOf("Readtimeutc") + 1];
}

/** What daprd itself says of a binding: its metrics. */
async function outcomeOf(site: RunningSite, binding: string, target: string): Promise<TickResult["outcome"]> {
  const { success, failed } = await site.dapr().inputBindingCount(binding);
  expect({ binding, both: success > 0 && failed > 0 }).toEqual({ binding, both: false });
  if (success > 0) return "delivered";
  if (failed > 0) return "failed";
  expect((await site.dapr().metrics()).subscriptionProbe(target)).toMatchObject({ sent: 1 });
  return "not-subscribed";
}

/** Until each binding that ticks has ended a firing, by daprd's metrics; then everything that the app got. */
async function untilAllTicked(site: RunningSite): Promise<readonly RecordedRequest[]> {
  const ticking = Object.keys(TARGETS).filter((binding) => binding !== "tick-refused");
  const found = await poll(
    async () => {
      const counts = await Promise.all(ticking.map((binding) => site.dapr().inputBindingCount(binding)));
      const silent = ticking.filter((_, index) => {
        const { success = 0, failed = 0 } = counts[index] ?? {};
        return success + failed === 0;
      });
      if (silent.length > 0) throw new Error(`no tick of ${silent.join(", ")}`);
      return await recordedBy(site.publishedPort(APP_PORT));
    },
    { deadline: Deadline.in(60_000), signal: site.signal },
  );
  if (!found.met) throw new Error("not every binding ticked", { cause: found.lastFailure });
  return found.value;
}

/** The site's app as a process beside it. */
async function startRecordingApp(): Promise<{ readonly port: number } & AsyncDisposable> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", RECORDING_APP], {
    env: { RECORDING_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    port: Number(line),
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}
