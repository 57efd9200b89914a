import { expect } from "vitest";
import { SitecarError } from "../../harness/errors/index.ts";
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import { Deadline } from "../../harness/shared/clock.ts";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { EngineProxy } from "../support/engine-proxy.ts";
import { Runner } from "../support/runner.ts";
import { TrialRuns } from "../support/trial-runs.ts";
import { untilHolds } from "../support/until-holds.ts";

const test = siteTest("fixtures/sites/example");

test.concurrent(
  "what waits for the run is told, and what could not be removed is removed when the engine is back",
  async ({ host, definition }) => {
    await using proxy = await EngineProxy.inFrontOf(process.env["DOCKER_HOST"]);
    await using trial = await TrialRuns.create(host.engine);
    const engine = await connectEngine({ environment: { DOCKER_HOST: proxy.dockerHost } });
    const site = await startSite(definition, {
      host: { ...host, engine },
      runsDirectory: trial.directory,
      until: "scheduled",
    });
    const waiting = site.timeline.waitFor(() => undefined, {
      deadline: Deadline.in(60_000),
      description: "what never happens",
      signal: site.signal,
    });
    // Awaited below; until then its failure is nobody's.
    waiting.catch(() => undefined);

    await proxy.cut();
    await expect(waiting).rejects.toMatchObject({
      code: "ENGINE_GONE",
      fault: "system",
      observations: [{ label: "engine", value: expect.stringMatching(/\S/) }],
      remedy: expect.stringContaining("see whether the engine still runs"),
    });
    expect(site.signal.reason).toMatchObject({ code: "ENGINE_GONE" });
    await expect(site.container("main").exec(["true"])).rejects.toMatchObject({ code: "ENGINE_GONE" });

    // Connections that were open when the engine died fail first; then nobody is there.
    await untilHolds(async () =>
      expect(await observed(site.container("main").exec(["true"]))).toMatch(/ENOENT|ECONNREFUSED/),
    );
    await proxy.open();
    await site[Symbol.asyncDispose]();
    expect(await trial.leftovers()).toEqual([]);
  },
);

test.concurrent(
  "`sitecar up` says so and exits 2; the next start removes what it had to leave",
  async ({ host, definition }) => {
    await using proxy = await EngineProxy.inFrontOf(process.env["DOCKER_HOST"]);
    await using runner = await Runner.start(
      host.engine,
      [process.execPath, "harness/cli/main.ts", "up", "fixtures/sites/example"],
      { environment: { DOCKER_HOST: proxy.dockerHost } },
    );
    await runner.untilEvent("container.started", {
      withinMs: 90_000,
      matches: ({ container }) => container === "main",
    });

    await proxy.cut();
    const end = await runner.ended();

    expect(end).toMatchObject({ exitCode: 2 });
    expect(end.stderr).toMatch(
      /^ENGINE_GONE: the container engine stopped answering; .*\n {2}engine +\S.*\nFix: see whether the engine still runs/m,
    );
    // The failure of the clean-up does not hide it, but is told too.
    expect(end.stdout).not.toContain("everything is removed");
    expect(end.stdout).toMatch(
      /^ {2}CLEANUP_FAILED: [^]*^ {2}Fix: run `sitecar prune` when the engine answers again/m,
    );

    await using next = await startSite(definition, { until: "scheduled" });
    expect(next.signal.aborted).toBe(false);
    // What the start of a scenario beside this one is removing at this moment, it leaves to that one.
    await untilHolds(async () => expect(await runner.leftovers()).toEqual([]));
  },
);

/** What the engine's silence looked like to a call. */
async function observed(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "an answer";
  } catch (error) {
    return error instanceof SitecarError ? (error.observations[0]?.value ?? "") : String(error);
  }
}
