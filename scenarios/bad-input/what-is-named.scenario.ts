import { expect } from "vitest";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { withProperties } from "../support/example-site.ts";
import { TrialRuns } from "../support/trial-runs.ts";

// Malformed files, and names that the command line gives, are shown in `scenarios/command/exit-codes.scenario.ts`.

const test = siteTest("fixtures/sites/example");

test.concurrent("an image that is neither here nor in a registry", async ({ host, definition }) => {
  await using trial = await TrialRuns.create(host.engine);
  const missing = withProperties(definition, "main", { image: "registry.invalid/none:1.0.0" });

  const failure = startSite(missing, { runsDirectory: trial.directory });

  await expect(failure).rejects.toMatchObject({
    code: "IMAGE_NOT_FOUND",
    fault: "user",
    message: expect.stringMatching(
      /^IMAGE_NOT_FOUND: the image registry\.invalid\/none:1\.0\.0 is not on this machine, and its registry does not give it\./,
    ),
    observations: [{ label: "registry", value: expect.stringContaining("registry.invalid") }],
    remedy: expect.stringContaining("say in the site's `builds` how it is built here"),
  });
  // It failed before there was a run.
  expect(await trial.runs()).toEqual([]);
});

test.concurrent("a schedule with a container that the site has not", async ({ host, definition }) => {
  await using trial = await TrialRuns.create(host.engine);

  const failure = startSite(definition, {
    host,
    runsDirectory: trial.directory,
    schedule: { dapper: 1_000 },
  });

  await expect(failure).rejects.toMatchObject({
    code: "SCHEDULE_UNKNOWN_CONTAINER",
    fault: "user",
    message: expect.stringContaining('names "dapper", which the site has not. Did you mean "dapr"?'),
    observations: [{ label: "known", value: "storage, main, dapr" }],
    remedy: expect.stringContaining("use the names of the site's containers"),
  });
  expect(await trial.leftovers()).toEqual([]);
});
