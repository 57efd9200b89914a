import { isSpecFile } from "../linted-file.ts";
import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const inheritDroppedByCli: Rule = {
  id: "SC021",
  name: "inherit-dropped-by-cli",
  severity: "warning",
  title: "The Azure CLI drops inheritAppSettingsAndConnectionStrings of a spec file.",
  reason:
    "az webapp sitecontainers create --sitecontainers-spec-file does not read the key, so the container is created with the default true, and gets every app setting and connection string that it was to be kept from.",
  source: "A1.15, A1.7",
  remedy:
    "Deploy this container by ARM or Bicep, or set the property afterwards by az rest or in the portal.",
  example:
    '[\n  {\n    "name": "proxy",\n    "properties": {\n      "image": "shop/proxy:1",\n      "isMain": false,\n      "inheritAppSettingsAndConnectionStrings": false\n    }\n  }\n]\n',
  *check({ site, files = [] }) {
    if (site === undefined) return;
    const specs = new Set(files.filter(isSpecFile).map(({ path }) => path));
    for (const { name, properties } of site.definition.siteContainers) {
      if (properties.inheritAppSettingsAndConnectionStrings !== false) continue;
      const place = placeOf(site, "siteContainers", name, "inheritAppSettingsAndConnectionStrings");
      if (!specs.has(place.file)) continue;
      yield {
        place,
        message: `the Azure CLI drops this key of a spec file: "${name}" will inherit every app setting and connection string.`,
        remedy:
          "Deploy this container by ARM or Bicep, or set the property afterwards by az rest or in the portal.",
      };
    }
  },
};
