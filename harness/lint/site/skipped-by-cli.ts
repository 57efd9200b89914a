import type { LoadedSite } from "../../definition/loaded-site.ts";
import type { SiteContainer } from "../../definition/site-definition.ts";
import { isSpecFile } from "../linted-file.ts";
import type { Rule } from "../rule.ts";
import { missingIdentity } from "./pull-identity.ts";
import { appSettingsKnown, isUnknown, placeOf } from "./site-view.ts";

export const skippedByCli: Rule = {
  id: "SC022",
  name: "skipped-by-cli",
  severity: "warning",
  title: "The Azure CLI will skip a container of this spec file, and still succeed.",
  reason:
    "az webapp sitecontainers create --sitecontainers-spec-file logs a container that fails a check, goes on with the next, and exits with 0: a pipeline is green, and the site lacks a container. ARM and Bicep check nothing of this.",
  source: "A1.14, A1.15",
  remedy:
    "Mend what the check finds, and compare az webapp sitecontainers list with the file after a deployment.",
  example:
    '[\n  {\n    "name": "main",\n    "properties": { "image": "shop/main:1", "isMain": true, "targetPort": "80" }\n  },\n  {\n    "name": "proxy",\n    "properties": { "image": "shop/proxy:1", "isMain": false, "targetPort": "80" }\n  }\n]\n',
  *check({ site, files = [] }) {
    if (site === undefined) return;
    const specs = new Set(files.filter(isSpecFile).map(({ path }) => path));
    const before: SiteContainer[] = [];
    for (const container of site.definition.siteContainers) {
      const place = placeOf(site, "siteContainers", container.name);
      if (!specs.has(place.file)) continue;
      const reason = refusalOf(site, container, before);
      if (reason === undefined) {
        before.push(container);
        continue;
      }
      yield {
        place,
        message: `az webapp sitecontainers create skips "${container.name}" and still succeeds: ${reason}.`,
        remedy: "Mend it, and compare az webapp sitecontainers list with the file after a deployment.",
      };
    }
  },
};

/** The first of the CLI's checks that a container fails, against those that the CLI has created before it. */
function refusalOf(
  site: LoadedSite,
  container: SiteContainer,
  before: readonly SiteContainer[],
): string | undefined {
  const others = before.filter(({ name }) => name !== container.name);
  const { isMain, targetPort, environmentVariables = [] } = container.properties;
  const main = others.find((other) => other.properties.isMain);
  if (isMain && main !== undefined) return `"${main.name}" is main already`;
  const place = placeOf(site, "siteContainers", container.name, "targetPort");
  const { file } = placeOf(site, "siteContainers", container.name);
  // What a later file puts in its place, the CLI does not see.
  const isHere = (...path: string[]): boolean =>
    placeOf(site, "siteContainers", container.name, ...path).file === file;
  // Azure has ports as texts; a number in the file is never equal to one.
  const comparable = /^["']/.test(place.lineText.slice(place.column - 1));
  const same = others.find((other) => targetPort !== undefined && other.properties.targetPort === targetPort);
  if (same !== undefined && comparable && isHere("targetPort"))
    return `"${same.name}" has its port ${targetPort} already`;
  if (appSettingsKnown(site)) {
    const names = new Set(site.definition.appSettings.map(({ name }) => name));
    const wrong = environmentVariables.find(
      ({ name, value }) => !names.has(value) && !isUnknown(value) && isHere("environmentVariables", name),
    );
    if (wrong !== undefined) return `the value of ${wrong.name} is not the name of an app setting`;
  }
  const missing = missingIdentity(site, container);
  return missing === undefined || !isHere(missing.key)
    ? undefined
    : `it ${missing.message.replace(/\.$/, "")}`;
}
