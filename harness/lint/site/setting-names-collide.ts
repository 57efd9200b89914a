import { linuxName } from "../../plan/environment.ts";
import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const settingNamesCollide: Rule = {
  id: "SC027",
  name: "setting-names-collide",
  severity: "error",
  title: "Two app settings have one name in containers.",
  reason:
    "App Service keeps both, but the names that Linux gives them are equal: containers get one of the two values, and which one is not documented.",
  source: "A4.3",
  remedy: "Keep one of the two.",
  example: "appSettings: { Logging:Level: debug, Logging__Level: info }\n",
  *check({ site }) {
    if (site === undefined) return;
    const first = new Map<string, string>();
    for (const { name } of site.definition.appSettings) {
      const changed = linuxName(name);
      const before = first.get(changed);
      if (before === undefined || changed === "") first.set(changed, name);
      // The same name once more is another matter: see SC028.
      else if (before.toLowerCase() !== name.toLowerCase()) {
        yield {
          place: placeOf(site, "appSettings", name),
          message: `"${name}" and "${before}" both reach containers as ${changed}; one of the two values is lost.`,
          remedy: "Keep one of the two.",
        };
      }
    }
  },
};
