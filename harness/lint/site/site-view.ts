import type { LoadedSite } from "../../definition/loaded-site.ts";
import type { Place } from "../../definition/problems.ts";
import type { AppSetting, SiteContainer } from "../../definition/site-definition.ts";

/** Where a value was written, else what it stands in, else the site's last file. */
export function placeOf(site: LoadedSite, ...path: string[]): Place {
  return site.origins.of(...path) ?? { file: site.files.at(-1) ?? "", line: 1, column: 1, lineText: "" };
}

export function mainOf({ definition }: LoadedSite): SiteContainer | undefined {
  return definition.siteContainers.find(({ properties }) => properties.isMain);
}

export function sidecarsOf({ definition }: LoadedSite): SiteContainer[] {
  return definition.siteContainers.filter(({ properties }) => !properties.isMain);
}

/** Whether app settings and connection strings reach it (A1.7). */
export function inherits({ properties }: SiteContainer): boolean {
  return properties.inheritAppSettingsAndConnectionStrings ?? true;
}

/** An app setting by its name, in any case, as App Service compares them. */
export function settingOf({ definition }: LoadedSite, name: string): AppSetting | undefined {
  return definition.appSettings.find((setting) => setting.name.toLowerCase() === name.toLowerCase());
}

/** Whether the inputs say which app settings the site has. */
export function appSettingsKnown({ definition, origins }: LoadedSite): boolean {
  return definition.appSettings.length > 0 || origins.exact("appSettings") !== undefined;
}

/** Whether a value is the text of an ARM expression that only Azure can evaluate. */
export function isUnknown(value: string): boolean {
  return /^\[(?!\[).*\]$/s.test(value.trim());
}

/** Whether what stands at a place is an ARM expression: then the value is not written there. */
export function isComputed({ lineText, column }: Place): boolean {
  return /^"\[(?!\[)/.test(lineText.slice(column - 1));
}

/** Which of App Service's modes `linuxFxVersion` chooses (A1.11); `unknown` when it is not among the inputs. */
export function modeOf({ definition }: LoadedSite): "sitecontainers" | "docker" | "code" | "unknown" {
  const version = definition.siteConfig?.linuxFxVersion;
  if (version === undefined || version === "" || isUnknown(version)) return "unknown";
  if (version.toLowerCase() === "sitecontainers") return "sitecontainers";
  return /^(?:docker|compose|kube)\|/i.test(version) ? "docker" : "code";
}

/** The last part of an image reference's path: `redis` of `example.azurecr.io/library/redis:7`. */
export function imageName(image: string): string {
  const path = image.replace(/@.*$/, "").split("/").at(-1) ?? "";
  return path.replace(/:.*$/, "").toLowerCase();
}

/** Names in a sentence: `"a"`, `"a" and "b"`, `"a", "b" and "c"`. */
export function quoted(names: readonly string[]): string {
  const all = names.map((name) => JSON.stringify(name));
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `${all.join(", ")} and ${last}`;
}
