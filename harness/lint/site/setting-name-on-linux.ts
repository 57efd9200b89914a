import { linuxName } from "../../plan/environment.ts";
import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const settingNameOnLinux: Rule = {
  id: "SC026",
  name: "setting-name-on-linux",
  severity: "note",
  title: "A setting reaches containers under another name than is written.",
  reason:
    "On Linux a colon becomes two underscores, a dot one, and every other character outside letters, digits and underscores is dropped. .NET turns __ back into a colon; other programs look for the name as it was written, and find nothing.",
  source: "A4.3; https://learn.microsoft.com/azure/app-service/configure-common",
  remedy: "Write the name that the containers read.",
  example: "appSettings: { LOG-LEVEL: debug }\n",
  *check({ site }) {
    if (site === undefined) return;
    const settings = site.definition.appSettings.map(({ name }) => ({
      name,
      key: "appSettings",
      what: "app setting",
    }));
    const strings = (site.definition.connectionStrings ?? []).map(({ name }) => ({
      name,
      key: "connectionStrings",
      what: "connection string",
    }));
    for (const { name, key, what } of [...settings, ...strings]) {
      const changed = linuxName(name);
      if (changed === name || name === "") continue;
      const dropped = /[^\w.:]/.test(name);
      yield {
        place: placeOf(site, key, name),
        severity: dropped ? "warning" : "note",
        message:
          changed === ""
            ? `the ${what} ${JSON.stringify(name)} does not reach containers: nothing of its name is left.`
            : `the ${what} ${JSON.stringify(name)} reaches containers as ${changed}.`,
        remedy:
          changed === ""
            ? "Use letters, digits and underscores."
            : `Write "${changed}", and let programs read that.`,
      };
    }
  },
};
