import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";
import { smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

const MAIN = `
import { createServer } from "node:http";
process.on("SIGTERM", () => process.exit(0));
console.log("main listens");
console.error("main complains");
createServer((request, response) => response.end()).listen(8080);
`;
const SIDECAR = `console.log("sidecar is up"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000);`;

test.concurrent.for([["share"], ["false"]])(
  "the platform's lines and the containers' output are in /home/LogFiles under App Service's names (A7.4), storage: %s",
  async ([storage], { startSite, definition }) => {
    const { definition: small, options } = smallSite(
      definition,
      { main: MAIN, sidecar: SIDECAR },
      storage === "false"
        ? { appSettings: [{ name: "WEBSITES_ENABLE_APP_SERVICE_STORAGE", value: "false" }] }
        : {},
    );
    const site = await startSite(options, small);
    const machine = `local${site.plan.instanceId.slice(0, 8)}`;
    // Started does not wait for the sidecar; with its start the platform has said all that it has to say.
    await untilEvent(site, "container.started", {
      withinMs: 30_000,
      matches: ({ container }) => container === "sidecar",
    });
    // Every line of the record, in its order, with its time.
    const recorded = site.timeline
      .of("platform.log")
      .map(({ wall, level, line }) => `${wall} ${level.padEnd(5)} - ${line}`);
    expect(recorded.join("\n")).toContain("Site started.");
    const platform = await untilWritten(site, `${machine}_docker.log`, `${recorded.at(-1)}\n`);
    expect(platform.split("\n").slice(0, -1)).toEqual(recorded);

    // Of its two outputs the engine may tell either first.
    await untilWritten(site, `${machine}_default_docker.log`, "main listens\n");
    const main = await untilWritten(site, `${machine}_default_docker.log`, "main complains\n");
    expect(main).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z main listens$/m);
    const sidecar = await untilWritten(site, `${machine}_sidecar_docker.log`, "sidecar is up");
    expect(sidecar).not.toContain("main");

    // A restart goes on in the same files: the worker is the same.
    await site.restart();
    const again = await untilWritten(
      site,
      `${machine}_default_docker.log`,
      /main complains[^]*main complains/,
    );
    expect(again.startsWith(main)).toBe(true);
    expect(site.timeline.of("observer.failed")).toEqual([]);
  },
);

/** The content of today's file of this ending, once it has the text. */
async function untilWritten(site: RunningSite, ending: string, text: string | RegExp): Promise<string> {
  let last = "";
  const outcome = await poll(
    async () => {
      const name = `${new Date().toISOString().slice(0, 10).replaceAll("-", "_")}_${ending}`;
      const { stdout } = await site.container("main").exec(["cat", `/home/LogFiles/${name}`]);
      last = stdout;
      return (typeof text === "string" ? stdout.includes(text) : text.test(stdout)) ? stdout : undefined;
    },
    { deadline: Deadline.in(60_000), signal: site.signal },
  );
  if (!outcome.met) throw new Error(`${ending} never had ${String(text)}: ${last}`);
  return outcome.value;
}
