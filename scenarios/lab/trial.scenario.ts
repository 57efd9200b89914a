import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { RunRecord } from "../../harness/contracts/run-record.ts";
import { readRunRecord } from "../../harness/contracts/read-run-record.ts";
import { judgeReadiness } from "../../harness/dapr/readiness.ts";
import { openLaboratory } from "../../harness/lab/trials/open-laboratory.ts";
import { Deadline } from "../../harness/shared/clock.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { everySecond } from "../support/example-site.ts";

const test = siteTest("fixtures/sites/example");

/** Main a second after its sidecar, which it finds at once. */
const STARTS = [
  { container: "dapr", atMs: 0 },
  { container: "main", atMs: 1_000 },
];

/**
 * What a record says of a site, without what differs from run to run (ids, times, counts), and without the making of what a
 * bench has already.
 */
function toldBy(record: RunRecord): unknown {
  const states = record.events.flatMap((event) =>
    // Pulling and creating go on side by side.
    event.type === "platform.state" && event.container === undefined ? [event.details] : [],
  );
  const starts = record.events.flatMap((event) =>
    event.type === "container.started" && event.plannedMs !== undefined
      ? [`${event.container} at ${event.plannedMs}`]
      : [],
  );
  const facts = new Set(
    record.events.flatMap((event) => {
      const { type } = event;
      if (type === "port.opened") {
        return [`port ${event.container} ${event.port < 47_000 ? event.port : "of daprd's own"}`];
      }
      if (type === "probe.changed") return [`${event.probe} of ${event.container}: ${event.status}`];
      if (type === "component.loaded") return [`component ${event.component}`];
      if (type === "tick") return [`tick of ${event.component}, success ${event.success}`];
      if (type === "blob.created") {
        return [`blob ${event.account} ${event.container} ${event.blob.replaceAll(/\d+/g, "n")}`];
      }
      if (type === "identity.requested") return [`identity ${event.resource} ${event.status}`];
      if (type === "container.exited" || type === "container.created") return [`${type} ${event.container}`];
      if (type === "rotation.changed") return [`rotation of ${event.worker}: ${event.inRotation}`];
      if (type === "phase") {
        return event.name === "site ready" || event.name === "site started" ? [event.name] : [];
      }
      return type === "observer.failed" ? [`${event.observer} failed: ${event.detail}`] : [];
    }),
  );
  const plan = record.plan.containers.map(({ name, image, environment, mounts, files }) => ({
    name,
    image,
    variables: Object.keys(environment).toSorted(),
    mounts,
    files: files.map(({ path: file }) => file),
  }));
  const readiness = [...record.snapshots].map(([instance, sidecars]) => [
    instance,
    [...sidecars].map(([container, snapshot]) => [
      container,
      judgeReadiness(record.componentFiles.get(container) ?? [], snapshot).ready,
    ]),
  ]);
  const stopped = record.stopped?.map(({ container, instance, exitCode, killed }) => ({
    container,
    instance,
    exitCode,
    killed,
  }));
  const sources = [...new Set(record.lines.map(({ container }) => container))].toSorted();
  return {
    states,
    starts,
    facts: [...facts].toSorted(),
    plan,
    readiness,
    stopped,
    sources,
    instances: record.instances,
  };
}

test("a trial tells of a site what startSite tells of it, the second on a bench as well as the first", async ({
  definition,
  host,
  startSite,
}) => {
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-lab-"));
  try {
    const site = await startSite({
      schedule: { starts: STARTS },
      files: await everySecond(),
      settings: { onContainerExitAfterStart: "leave" },
    });
    await site.timeline.waitFor((events) => events.find(({ type }) => type === "blob.created"), {
      deadline: Deadline.in(60_000),
      description: "a blob",
    });
    const expected = toldBy(await site.conclude());

    await using laboratory = await openLaboratory(definition, {
      host,
      contracts: [],
      runsDirectory,
      tickEvery: "1s",
      mostAtOnce: 1,
      latenessBoundMs: 60_000,
    });
    for (const which of ["first", "second"]) {
      const { runDirectory, verdict } = await laboratory.run({ starts: STARTS });
      expect(verdict).toBe("held");
      const why = JSON.parse(await readFile(path.join(runDirectory, "trial.json"), "utf8")) as unknown;
      expect(why).toMatchObject({ why: "the site is ready, and has had its ticks" });
      const record = await readRunRecord(runDirectory);
      expect([which, toldBy(record)]).toEqual([which, expected]);
      expect(record.plan.differences).toContainEqual({
        subject: "dapr",
        what: 'cron binding "batch" at @every 1s in place of @every 10s',
        why: "ticks are awaited in every trial",
      });
    }
    expect(laboratory.figures()).toMatchObject({ trials: 2, benches: 1 });
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
});
