import path from "node:path";

import type { Value } from "../value.ts";
import { kindsWithOption, type InputKind } from "./input-kind.ts";

/** Names under which a folder has its site file. */
export const SITE_FILES = ["sitecar.json", "sitecar.yaml", "sitecar.yml"] as const;

/** Keys of a site file that no other kind has at its top. */
const SITE_FILE_KEYS: ReadonlySet<string> = new Set([
  "siteContainers",
  "appSettings",
  "connectionStrings",
  "inputs",
  "builds",
  "daprSidecars",
  "storageAccounts",
  "observedPorts",
  "keyVaultSecrets",
]);

const IDENTITY_TYPES = /^(?:None|(?:System|User)Assigned)/i;

/** `nothing`: the file is an empty list or object, which says nothing of any kind. */
export type Recognition = InputKind | "nothing" | { readonly candidates: readonly InputKind[] };

/** What a file is, by what it says; a site file also by its name. */
export function recognise(root: Value): Recognition {
  const file = path.basename(root.source.path);
  if (SITE_FILES.some((name) => name === file)) return "site";
  if (root.isList) return recogniseList(root);
  if (!root.isMap) return { candidates: [] };
  if (root.peekKeys().length === 0) return "nothing";
  return recogniseByType(root) ?? recogniseByKeys(root) ?? recogniseRecord(root);
}

/** For messages: what a file could be, and the options that say it. */
export function describeKinds(kinds?: readonly InputKind[]): string {
  return kindsWithOption()
    .filter(({ kind }) => kinds?.includes(kind) !== false)
    .map(({ option, what }) => `${option} FILE: ${what}`)
    .join("; ");
}

function recogniseList(root: Value): Recognition {
  const items = root.peekItems();
  if (items.length === 0) return "nothing";
  const some = (...keys: string[]): boolean =>
    items.some((item) => keys.some((key) => item.peek(key, { ignoreCase: true }) !== undefined));
  if (some("properties", "image", "isMain")) return "siteContainers";
  if (some("type", "connectionString") && some("value", "connectionString")) return "connectionStrings";
  if (some("slotSetting")) return "appSettings";
  if (some("value")) return some("name") ? "appSettings" : { candidates: [] };
  return { candidates: some("name") ? ["siteContainers", "appSettings", "connectionStrings"] : [] };
}

/** By ARM's own `type` and schema, which leave no doubt. */
function recogniseByType(root: Value): Recognition | undefined {
  const schema = textOf(root.peek("$schema"));
  if (/deploymentParameters\.json/i.test(schema)) return "parameters";
  if (/deploymentTemplate\.json/i.test(schema)) return "template";
  const type = textOf(root.peek("type")).toLowerCase();
  switch (type) {
    case "microsoft.web/sites":
    case "microsoft.web/sites/slots":
      return "webApp";
    case "microsoft.web/sites/config":
    case "microsoft.web/sites/slots/config":
      return "siteConfig";
    case "microsoft.web/serverfarms":
      return "serverFarm";
    default:
      return undefined;
  }
}

function recogniseByKeys(root: Value): Recognition | undefined {
  const keys = root.peekKeys();
  const has = (...names: string[]): boolean => names.every((name) => keys.includes(name));
  if (root.peek("services")?.isMap === true) return "compose";
  if (keys.some((key) => SITE_FILE_KEYS.has(key))) return "site";
  const resources = root.peek("resources");
  if (resources?.isList === true || (resources?.isMap === true && has("contentVersion"))) return "template";
  if (has("contentVersion") && root.peek("parameters")?.isMap === true) return "parameters";
  if (has("defaultHostName") && (has("siteConfig") || has("hostNames"))) return "webApp";
  if (root.peek("sku")?.isMap === true)
    return keys.length === 1 || has("reserved") ? "serverFarm" : undefined;
  if (has("linuxFxVersion") || has("healthCheckPath")) return "siteConfig";
  if (has("type") && (has("principalId") || has("userAssignedIdentities"))) {
    return IDENTITY_TYPES.test(textOf(root.peek("type"))) ? "identity" : undefined;
  }
  return undefined;
}

/** An object of free names: what its values look like decides. */
function recogniseRecord(root: Value): Recognition {
  const keys = root.peekKeys();
  const values = keys.flatMap((key) => root.peek(key) ?? []);
  const plain = values.every((value) => value.isNull || value.peekScalar() !== undefined);
  if (plain && keys.every((key) => /^[\w-]+\/[\w-]+(?:\/\w+)?$/.test(key))) return "keyVaultSecrets";
  // A site file with no more than its name, or one whose keys are mistyped: its reader says what is wrong.
  if (keys.every((key) => /^name$/i.test(key))) return "site";
  if (plain) return "appSettings";
  if (values.every((value) => value.peek("value") !== undefined && value.peek("type") !== undefined)) {
    return "connectionStrings";
  }
  if (keys.some((key) => /^(?:name|siteContainers|identity|siteConfig|serverFarm)$/i.test(key)))
    return "site";
  return { candidates: [] };
}

function textOf(value: Value | undefined): string {
  const scalar = value?.peekScalar();
  return typeof scalar === "string" ? scalar : "";
}
