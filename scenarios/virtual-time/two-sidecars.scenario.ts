import { expect } from "vitest";
import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite } from "../support/example-site.ts";
import { componentFiles, cronSite } from "./cron-site.ts";

const PORTS = { httpPort: 3510, grpcPort: 50_010, metricsPort: 9091 } as const;

/** The example's Dapr sidecar a second time, beside the first: on ports of its own, and with bindings of its own. */
function withSecondSidecar(site: SiteDefinition): SiteDefinition {
  const siteContainers = site.siteContainers.flatMap((one) =>
    one.name !== "dapr"
      ? [one]
      : [
          one,
          {
            name: "dapr2",
            properties: {
              ...one.properties,
              startUpCommand: `/root/.dapr/bin/daprd --resources-path /root/.dapr/components --app-id second --app-port 9000 --dapr-http-port ${PORTS.httpPort} --dapr-grpc-port ${PORTS.grpcPort} --metrics-port ${PORTS.metricsPort} --dapr-internal-grpc-port 50011`,
            },
          },
        ],
  );
  const daprSidecars = site.daprSidecars.flatMap((one) => [one, { ...one, ...PORTS, container: "dapr2" }]);
  return { ...site, siteContainers, daprSidecars };
}

const { definition, options } = cronSite(await exampleSite(), { a: "@every 20m", late: "@hourly" });

const test = siteTest(withSecondSidecar(definition), {
  files: { ...options.files, dapr2: componentFiles({ b: "@every 15m", early: "@hourly" }) },
  virtualTime: { from: "2026-03-28T00:00:00Z" },
});

test("two Dapr sidecars in one instance: each has a clock, and their ticks come in one order", async ({
  site,
}) => {
  expect(site.plan.virtualTime?.clocks).toEqual([
    { container: "dapr", port: 3590 },
    { container: "dapr2", port: 3591 },
  ]);
  const { ticks } = await site.clock.advance("1h");
  expect(
    ticks.map(
      ({ due, container, component }) => `${due.toISOString().slice(11, 16)} ${container} ${component}`,
    ),
  ).toEqual([
    "00:15 dapr2 b",
    "00:20 dapr a",
    "00:30 dapr2 b",
    "00:40 dapr a",
    "00:45 dapr2 b",
    "01:00 dapr a",
    "01:00 dapr late",
    "01:00 dapr2 b",
    "01:00 dapr2 early",
  ]);
});
