import type { Fields } from "../fields.ts";
import type { SiteContainersSource } from "../read-site-containers.ts";
import type { SitePart } from "../site-part.ts";
import type { Value } from "../value.ts";
import { containerParts } from "./container-parts.ts";
import type { InputKind } from "./input-kind.ts";
import { appSettingParts, connectionStringParts } from "./setting-parts.ts";

/** The keys of a site file that are this machine's and no deployment's. */
export interface LocalInput {
  readonly fields: Fields;
  /** Of the file; its paths are relative to it. */
  readonly directory: string;
}

/** One file, read as far as it can be alone. */
export interface InputPart {
  readonly kind: InputKind;
  /** The whole file. */
  readonly root: Value;
  readonly part: SitePart;
  /** With where the file has them. Absent: it says nothing of site containers. */
  readonly siteContainers?: SiteContainersSource;
  readonly keyVaultSecrets?: Value;
  readonly local?: LocalInput;
}

type PlainKind = Exclude<InputKind, "site" | "compose" | "template" | "parameters">;

/** A file that says one thing, and needs no other to be read. */
export function readPlainInput(kind: PlainKind, root: Value): InputPart {
  return { kind, root, ...PLAIN_READERS[kind](root.called(kind), root) };
}

const PLAIN_READERS: Readonly<
  Record<PlainKind, (named: Value, root: Value) => Omit<InputPart, "kind" | "root">>
> = {
  siteContainers: (named) => ({ part: {}, siteContainers: { parts: containerParts(named), at: named } }),
  appSettings: (named) => ({ part: { appSettings: appSettingParts(named) } }),
  connectionStrings: (named) => ({ part: { connectionStrings: connectionStringParts(named) } }),
  siteConfig: (named) => ({ part: { siteConfig: siteConfigPart(named) } }),
  webApp: (_, root) => ({ part: webAppPart(root) }),
  identity: (named) => ({ part: { identity: named } }),
  serverFarm: (named) => ({ part: { serverFarm: named } }),
  keyVaultSecrets: (named) => ({ part: {}, keyVaultSecrets: named }),
};

/** ARM's `siteConfig`, and what `az webapp config show` prints: of its hundred fields those that bear on a run. */
export function siteConfigPart(value: Value): NonNullable<SitePart["siteConfig"]> {
  return present(value, ["linuxFxVersion", "healthCheckPath", "numberOfWorkers"]);
}

/** What `az webapp show -o json` prints. It leaves out app settings, and most of `siteConfig`. */
function webAppPart(root: Value): SitePart {
  const siteConfig = root.peek("siteConfig");
  return {
    ...present(root, ["name", "identity", "clientAffinityEnabled"]),
    ...(siteConfig?.isMap === true ? { siteConfig: siteConfigPart(siteConfig) } : {}),
  };
}

/** The fields that say something; whatever else stands there is passed over. */
function present<K extends string>(value: Value, keys: readonly K[]): { readonly [key in K]?: Value } {
  const found: { [key in K]?: Value } = {};
  for (const key of keys) {
    const field = value.peek(key);
    if (field !== undefined && !field.isNull) found[key] = field;
  }
  return found;
}
