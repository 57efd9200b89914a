import path from "node:path";

import { defined } from "../defined.ts";
import type { Fields } from "../fields.ts";
import type { SiteDefinition } from "../site-definition.ts";
import { containerParts } from "./container-parts.ts";
import { siteConfigPart, type InputPart } from "./input-part.ts";
import { appSettingParts, connectionStringParts } from "./setting-parts.ts";
import type { Value } from "../value.ts";

const SITE_KEYS = [
  "name",
  "siteContainers",
  "appSettings",
  "connectionStrings",
  "siteConfig",
  "clientAffinityEnabled",
  "serverFarm",
  "keyVaultSecrets",
  "identity",
  "storageAccounts",
  "builds",
  "daprSidecars",
  "observedPorts",
] as const satisfies readonly (keyof SiteDefinition)[];

const SITE_CONFIG_KEYS = ["linuxFxVersion", "healthCheckPath", "numberOfWorkers"];

/** Gives what a value names, if it is a path: the other file's whole content under the value's own name. */
export type Follow = (value: Value) => Promise<Value | undefined>;

/**
 * A site file. `siteContainers`, `appSettings`, `connectionStrings`, `siteConfig`, `identity`, `serverFarm` and
 * `keyVaultSecrets` may be paths of files instead, relative to this one.
 */
export async function readSiteFile(root: Value, follow: Follow): Promise<InputPart> {
  const fields = siteFileFields(root);
  const part = async (key: (typeof SITE_KEYS)[number]): Promise<Value | undefined> => {
    const value = fields.optional(key);
    return value?.isText === true ? await follow(value) : value;
  };
  const siteContainers = await part("siteContainers");
  const appSettings = await part("appSettings");
  const connectionStrings = await part("connectionStrings");
  const siteConfig = await part("siteConfig");
  const identity = await part("identity");
  const serverFarm = await part("serverFarm");
  // Of a file of Azure's whatever else it prints is passed over; what is written here has to be known.
  if (siteConfig !== undefined && siteConfig.source === root.source)
    siteConfig.fields({ known: SITE_CONFIG_KEYS });
  if (serverFarm !== undefined && serverFarm.source === root.source) serverFarm.fields({ known: ["sku"] });
  const keyVaultSecrets = await part("keyVaultSecrets");
  return defined({
    kind: "site" as const,
    root,
    part: defined({
      name: fields.optional("name"),
      appSettings: appSettings === undefined ? undefined : appSettingParts(appSettings),
      connectionStrings:
        connectionStrings === undefined ? undefined : connectionStringParts(connectionStrings),
      siteConfig: siteConfig === undefined ? undefined : siteConfigPart(siteConfig),
      clientAffinityEnabled: fields.optional("clientAffinityEnabled"),
      identity,
      serverFarm,
    }),
    siteContainers:
      fields.optional("siteContainers") === undefined
        ? undefined
        : {
            parts: siteContainers === undefined ? undefined : containerParts(siteContainers),
            at: siteContainers ?? root,
          },
    keyVaultSecrets,
    local: { fields, directory: path.dirname(root.source.path) },
  });
}

/** Files that a site file wants applied before its own parts, absolute, each with where it is named. */
export function inputsOf(root: Value): { readonly file: string; readonly at: Value }[] {
  const inputs = root.peek("inputs");
  if (inputs === undefined || inputs.isNull) return [];
  return inputs.items().flatMap((at) => {
    const file = at.text();
    return file === undefined ? [] : [{ file: path.resolve(path.dirname(root.source.path), file), at }];
  });
}

function siteFileFields(root: Value): Fields {
  return root.fields({ known: SITE_KEYS, ignored: ["inputs"] });
}
