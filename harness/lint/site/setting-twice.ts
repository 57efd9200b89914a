import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const settingTwice: Rule = {
  id: "SC028",
  name: "setting-twice",
  severity: "warning",
  title: "An app setting stands twice, or twice but for upper and lower case.",
  reason:
    "To App Service names of settings do not differ by case: one of the two values is lost. In containers, on Linux, they would.",
  source: "A4.2, A4.3",
  remedy: "Keep one of the two.",
  example: "appSettings: [{ name: Level, value: debug }, { name: LEVEL, value: info }]\n",
  *check({ site }) {
    if (site === undefined) return;
    const first = new Map<string, string>();
    for (const { name } of site.definition.appSettings) {
      const before = first.get(name.toLowerCase());
      first.set(name.toLowerCase(), before ?? name);
      if (before === undefined) continue;
      yield {
        place: placeOf(site, "appSettings", name),
        message:
          before === name
            ? `"${name}" is set twice.`
            : `"${name}" and "${before}" are one app setting to App Service.`,
        remedy: "Keep one of the two.",
      };
    }
  },
};
