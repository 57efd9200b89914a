import path from "node:path";

import { describe, expect, it } from "vitest";

import { loadSite } from "./load-site.ts";
import { describePlace } from "./problems.ts";

const SITES = path.join(import.meta.dirname, "../../fixtures/sites");

describe("the example site in every form of its deployment", () => {
  it.each([
    ["example", "appsettings.json", "sitecontainers.json"],
    ["example-arm", "main.json", "main.json"],
    ["example-az", "appsettings.json", "sitecontainers.json"],
    ["example-compose", "appsettings.json", "docker-compose.yml"],
  ])("%s has no problem, and says where each value stands", async (site, settings, containers) => {
    const loaded = await loadSite(path.join(SITES, site));
    expect(loaded.problems).toEqual([]);
    expect(loaded.unevaluable ?? []).toEqual([]);
    const fileOf = (...key: string[]): string => path.basename(loaded.origins.exact(...key)?.file ?? "");
    expect(fileOf("appSettings", "APPID")).toBe(settings);
    expect(fileOf("siteContainers", "main", "image")).toBe(containers);
  });

  it("keeps what a Compose file says in vain", async () => {
    const { ignored = [] } = await loadSite(path.join(SITES, "example-compose"));
    expect(ignored.map(({ service, what }) => `${service ?? "top"} ${what}`)).toEqual([
      "main depends_on",
      "top services.main.image",
      "dapr stop_grace_period",
      "dapr healthcheck",
      "top services.dapr.image",
    ]);
    expect(describePlace(ignored[0]?.place ?? { file: "", line: 0, column: 0, lineText: "" })).toBe(
      "fixtures/sites/example-compose/docker-compose.yml:11:5",
    );
  });
});
