import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { everySecond } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example", { tap: true });

test("every exchange of the example is seen", async ({ startSite }) => {
  const site = await startSite({ files: await everySecond() });
  await untilEvent(site, "tick", { nth: 3, withinMs: 30_000 });
  const exchanges = await site.exchanges();
  console.log(JSON.stringify(exchanges, null, 1).slice(0, 12000));
  console.log(exchanges.map((e) => `${e.id} c${e.connection}.${e.stream} ${e.from.container} -> ${e.to.container}:${e.to.port} ${e.request.method} ${e.request.path} ${e.response?.status} ${e.end.how}`).join("\n"));
  console.log(JSON.stringify(site.timeline.of("tap.gap"), null, 1));
  expect(exchanges.length).toBe(0);
});
