import { nearest } from "../../shared/nearest.ts";
import type { Rule } from "../rule.ts";
import { appSettingsKnown, isUnknown, placeOf } from "./site-view.ts";

export const literalInEnvironmentVariables: Rule = {
  id: "SC012",
  name: "literal-in-environment-variables",
  severity: "error",
  title: "A value in environmentVariables names no app setting: the variable will be empty.",
  reason:
    "environmentVariables[].value is the NAME of an app setting, looked up when the container starts. One that names none becomes the empty string, without an error. Samples in circulation, Microsoft's own among them, have literals there.",
  source: "A1.8, A1.12, A1.14; https://learn.microsoft.com/azure/app-service/configure-sidecar",
  remedy: "Create an app setting that holds the value, and write its name here.",
  example:
    "siteContainers:\n  - name: main\n    properties:\n      image: shop/main:1\n      isMain: true\n      targetPort: 80\n      environmentVariables: [{ name: LOG_LEVEL, value: debug }]\nappSettings: { LEVEL: debug }\n",
  *check({ site }) {
    if (site === undefined || !appSettingsKnown(site)) return;
    const names = site.definition.appSettings.map(({ name }) => name);
    for (const container of site.definition.siteContainers) {
      for (const { name, value } of container.properties.environmentVariables ?? []) {
        if (names.includes(value) || isUnknown(value)) continue;
        const place = placeOf(site, "siteContainers", container.name, "environmentVariables", name);
        const otherCase = names.find((known) => known.toLowerCase() === value.toLowerCase());
        if (otherCase !== undefined) {
          yield {
            place,
            severity: "warning",
            message: `${name} of "${container.name}" names the app setting ${JSON.stringify(value)}, which the site has as "${otherCase}": the Azure CLI compares case, too, and skips the container.`,
            remedy: `Write "${otherCase}".`,
          };
          continue;
        }
        yield {
          place,
          message: `${name} of "${container.name}" becomes an empty string: ${value === "" ? "its value" : JSON.stringify(value)} is the name of no app setting.`,
          remedy: remedyOf(name, value, site.definition.appSettings),
        };
      }
    }
  },
};

/** Which setting is meant: one of this name, one with this very value, one whose name is nearly this, or one to be made. */
function remedyOf(
  variable: string,
  value: string,
  settings: readonly { readonly name: string; readonly value: string }[],
): string {
  const byName = settings.find(({ name }) => name.toLowerCase() === variable.toLowerCase());
  if (byName !== undefined) return `Write "${byName.name}" here: the app setting of that name exists.`;
  const byValue = value === "" ? undefined : settings.find((setting) => setting.value === value);
  if (byValue !== undefined) return `Write "${byValue.name}" here: that app setting has this very value.`;
  const near = nearest(
    value,
    settings.map(({ name }) => name),
  );
  if (near !== undefined)
    return `If "${near}" is meant, write that; else create an app setting and write its name.`;
  return `Create an app setting, for example "${variable}", that holds the value, and write its name here.`;
}
