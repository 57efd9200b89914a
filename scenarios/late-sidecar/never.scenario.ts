import { expect } from "vitest";
import { SitecarError } from "../../harness/errors/index.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { withAppSettings } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

/** The lowest that App Service allows (A2.6). */
const LIMIT_MS = 10_000;

const test = siteTest("fixtures/sites/example");

test("the sidecar never starts: the site fails at its start limit and shows each container", async ({
  startSite,
  definition,
}) => {
  const site = await startSite(
    { until: "scheduled", schedule: { dapr: "never" } },
    withAppSettings(definition, { WEBSITES_CONTAINER_START_TIME_LIMIT: String(LIMIT_MS / 1000) }),
  );
  const failure: unknown = await site.untilStarted().catch((error: unknown) => error);
  const failedMs = site.timeline.now();
  const { tMs: beganMs } = await untilEvent(site, "schedule.began", { withinMs: 0 });

  expect(failure).toBeInstanceOf(SitecarError);
  const { code, message } = failure as SitecarError;
  expect(code).toBe("WARM_UP_TIMED_OUT");
  expect(message).toContain('main container "main" gave no HTTP answer on port 9000 in 10 s');
  // Not before the limit; after it only a message is put together.
  expect(failedMs - beganMs).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(failedMs - beganMs).toBeLessThanOrEqual(LIMIT_MS + 1_000);

  // Each container's state …
  expect(message).toMatch(/storage running since \+\d+\.\d s/);
  expect(message).toMatch(/main running since \+\d+\.\d s/);
  expect(message).toMatch(/dapr never started/);
  // … and its last lines: main's say what it waits for.
  expect(message).toMatch(/storage \| \S/);
  expect(message).toMatch(/main \| .* waiting for the Dapr sidecar on port 3500/);
  expect(message).toContain("dapr | (no output)");
  expect(message).toContain(site.runDirectory);
});
