import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

export const containerNames: Rule = {
  id: "SC003",
  name: "container-names",
  severity: "error",
  title: "A container's name is none that App Service takes, or stands twice.",
  reason:
    "Names have letters, digits and hyphens, a letter or digit first and last; an underscore or a dot, usual in Compose, is refused. Two containers of one name are one resource: the later replaces the earlier.",
  source: "A1.10",
  remedy: "Use letters, digits and hyphens, a letter or digit first and last, and each name once.",
  example: "siteContainers:\n  - name: redis_cache\n    properties: { image: shop/redis:7, isMain: false }\n",
  *check({ site }) {
    if (site === undefined) return;
    const seen = new Map<string, string>();
    for (const { name } of site.definition.siteContainers) {
      const place = placeOf(site, "siteContainers", name);
      if (name !== "" && !NAME.test(name)) {
        yield {
          place,
          message: `the container name ${JSON.stringify(name)} is none that App Service takes.`,
          remedy: `Call it ${JSON.stringify(name.replaceAll(/[^a-zA-Z0-9-]+/g, "-").replaceAll(/^-+|-+$/g, "") || "sidecar")}, for example.`,
        };
      }
      const before = seen.get(name.toLowerCase());
      if (name !== "" && before !== undefined) {
        yield {
          place,
          message: `two containers are called ${JSON.stringify(before)} and ${JSON.stringify(name)}, which is one name to Azure.`,
          remedy: "Give each container a name of its own; names do not differ by case alone.",
        };
      }
      seen.set(name.toLowerCase(), before ?? name);
    }
  },
};
