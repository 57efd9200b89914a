import { test } from "vitest";
import { readSite } from "../definition/read-site.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { imagesWithStandIn } from "../plan/stand-in-main.ts";
import { prepareHost, type Host } from "../site/host.ts";
import type { RunningSite } from "../site/running-site.ts";
import { startSite, type StartSiteOptions } from "../site/start-site.ts";
import { explainFailure } from "./explain-failure.ts";

export type SiteTestOptions = Omit<StartSiteOptions, "host" | "signal" | "onTimeline">;

/** Starts a site for one test: over the test's own definition, or a variant of it. It ends with the test. */
export type StartSiteForTest = (options?: SiteTestOptions, variant?: SiteDefinition) => Promise<RunningSite>;

/**
 * A vitest `test` whose fixtures are a running site. The engine and the images are prepared once for a file; each test
 * that names `site` gets a site of its own, started when it is first needed and removed when the test ends. When a test
 * fails, where the run is recorded and what its containers said last is printed.
 *
 * Fixtures: `site` (started with `options`), `startSite` (further ones: other schedules, variants), `definition`, `host`.
 *
 * @param definition a definition, or the path of a site's files.
 * @param options as for `startSite`; for all tests of the returned function.
 */
export function siteTest(definition: SiteDefinition | string, options: SiteTestOptions = {}) {
  return test
    .extend("definition", { scope: "file" }, async (): Promise<SiteDefinition> =>
      typeof definition === "string" ? await readSite(definition) : definition,
    )
    .extend("host", { scope: "file" }, async ({ definition: one }): Promise<Host> => {
      const images = imagesWithStandIn(options.images, options.standIn);
      return await prepareHost([one], {
        ...(images === undefined ? {} : { images }),
        virtualTime: options.virtualTime !== undefined,
      });
    })
    .extend("startSite", async ({ definition: one, host, onTestFailed, signal }, { onCleanup }) => {
      const sites = new AsyncDisposableStack();
      onCleanup(() => sites.disposeAsync());
      const start: StartSiteForTest = async (more, variant) => {
        const site = await startSite(variant ?? one, { ...options, ...more, host, signal });
        sites.use(site);
        onTestFailed(() => explainFailure(site));
        return site;
      };
      return start;
    })
    .extend("site", async ({ startSite: start }): Promise<RunningSite> => await start());
}
