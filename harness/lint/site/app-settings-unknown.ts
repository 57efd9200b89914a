import type { Rule } from "../rule.ts";
import { appSettingsKnown, placeOf } from "./site-view.ts";

export const appSettingsUnknown: Rule = {
  id: "SC013",
  name: "app-settings-unknown",
  severity: "note",
  title: "environmentVariables can't be checked: no app settings are among the inputs.",
  reason:
    "environmentVariables[].value is the NAME of an app setting, and one that does not exist becomes an empty string. Without the app settings nobody can tell a name from a literal.",
  source: "A1.8, A1.16",
  remedy: "Give the output of az webapp config appsettings list -o json, too.",
  example:
    "siteContainers:\n  - name: main\n    properties:\n      image: shop/main:1\n      isMain: true\n      targetPort: 80\n      environmentVariables: [{ name: LOG_LEVEL, value: LEVEL }]\n",
  *check({ site }) {
    if (site === undefined || appSettingsKnown(site)) return;
    const references = site.definition.siteContainers.flatMap(({ name, properties }) =>
      (properties.environmentVariables ?? []).map((variable) => ({
        container: name,
        variable: variable.name,
      })),
    );
    const [first] = references;
    if (first === undefined) return;
    yield {
      place: placeOf(site, "siteContainers", first.container, "environmentVariables", first.variable),
      message: `${references.length === 1 ? "this reference" : `this and ${references.length - 1} more references`} to app settings can't be checked: no app settings are among the inputs.`,
      remedy:
        "Name a file with them, too, for example what az webapp config appsettings list -o json prints.",
    };
  },
};
