import { stat } from "node:fs/promises";
import path from "node:path";

import { defined } from "./defined.ts";
import { Problems, type Place } from "./problems.ts";
import { readAppSettings } from "./read-app-settings.ts";
import { readBuilds, readDaprSidecars, readObservedPorts, readStorageAccounts } from "./read-local-parts.ts";
import { readHomeFiles } from "./read-home-files.ts";
import { readSiteContainers } from "./read-site-containers.ts";
import type { AppSetting, SiteContainer, SiteDefinition } from "./site-definition.ts";
import { fileNotReadable, SourceFile } from "./source-file.ts";
import { Value } from "./value.ts";

const SITE_FILES = ["sitecar.json", "sitecar.yaml", "sitecar.yml"] as const;

const SITE_KEYS = [
  "name",
  "siteContainers",
  "appSettings",
  "identity",
  "storageAccounts",
  "builds",
  "daprSidecars",
  "homeFiles",
  "observedPorts",
] as const satisfies readonly (keyof SiteDefinition)[];

/**
 * Reads a site: a `sitecar.json` (or `.yaml`), the directory that holds one, or a bare site-containers spec file
 * (A1.14), which gets the defaults: its directory's name, no app settings, no identity, nothing else.
 * Paths in a file are relative to that file.
 * @throws {SitecarError} FILE_NOT_READABLE; SPEC_MALFORMED for a file that is no JSON or YAML; SPEC_INVALID with every
 *   problem of every file, each with `file:line:column`, the line and a remedy.
 */
export async function readSite(location: string): Promise<SiteDefinition> {
  const file = await findSiteFile(path.resolve(location));
  const source = await SourceFile.read(file);
  const problems = new Problems();
  const root = Value.root(source, problems, "");
  const definition = root.isList ? readBareSpec(root, file) : await readSiteFile(root, file);
  problems.throwIfAny();
  return definition;
}

async function findSiteFile(location: string): Promise<string> {
  try {
    if (!(await stat(location)).isDirectory()) return location;
  } catch (cause) {
    throw fileNotReadable(location, cause);
  }
  for (const name of SITE_FILES) {
    const file = path.join(location, name);
    const found = await stat(file).then(
      (stats) => stats.isFile(),
      () => false,
    );
    if (found) return file;
  }
  throw fileNotReadable(location, `it is a directory without ${SITE_FILES.join(", ")}`);
}

function readBareSpec(root: Value, file: string): SiteDefinition {
  return {
    name: nameFromDirectory(file),
    siteContainers: readSiteContainers(Value.root(root.source, root.problems, "siteContainers")),
    appSettings: [],
    identity: { type: "None" },
    storageAccounts: [],
    builds: {},
    daprSidecars: [],
    observedPorts: [],
  };
}

async function readSiteFile(root: Value, file: string): Promise<SiteDefinition> {
  const fields = root.fields({ known: SITE_KEYS });
  const siteContainers = await readPart(fields.required("siteContainers"), file, readSiteContainers);
  const appSettings = await readPart(fields.optional("appSettings"), file, readAppSettings);
  const accountsValue = fields.optional("storageAccounts");
  const storageAccounts = readStorageAccounts(accountsValue);
  const containers: readonly SiteContainer[] = siteContainers ?? [];
  if (storageAccounts.length > 0 && containers.some(({ name }) => name === "storage")) {
    accountsValue?.complain(
      "can't stand beside a container called \"storage\": in start schedules that name is the storage emulator's.",
      "Give the container another name.",
    );
  }
  return {
    name: readName(fields.required("name")),
    siteContainers: containers,
    appSettings: appSettings ?? ([] satisfies AppSetting[]),
    identity: { type: readIdentity(fields.optional("identity")) },
    storageAccounts,
    builds: await readBuilds(fields.optional("builds"), path.dirname(file), containers),
    daprSidecars: readDaprSidecars(fields.optional("daprSidecars"), containers),
    ...defined({ homeFiles: await readHomeFiles(fields.optional("homeFiles"), path.dirname(file)) }),
    observedPorts: readObservedPorts(fields.optional("observedPorts")),
  };
}

/** A part that stands in the site's file or in a file of its own, whose path stands in the site's file. */
async function readPart<T>(
  value: Value | undefined,
  file: string,
  read: (value: Value) => T,
): Promise<T | undefined> {
  if (value === undefined) return undefined;
  if (!value.isText) return read(value);
  const relative = value.text();
  if (relative === undefined) return undefined;
  const place: Place = value.place;
  const source = await SourceFile.read(path.resolve(path.dirname(file), relative), place);
  return read(Value.root(source, value.problems, value.name));
}

function readName(value: Value | undefined): string {
  const name = value?.text();
  if (name !== undefined && !/^[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])?$/.test(name)) {
    value?.complain(
      `is ${JSON.stringify(name)}, which is no site name.`,
      "Use up to 60 letters, digits and hyphens, a letter or digit first and last.",
    );
  }
  return name ?? "";
}

function readIdentity(value: Value | undefined): "SystemAssigned" | "None" {
  const type = value?.fields({ known: ["type"] }).required("type");
  return type?.oneOf(["SystemAssigned", "None"] as const) ?? "None";
}

function nameFromDirectory(file: string): string {
  const name = path
    .basename(path.dirname(file))
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return name === "" ? "site" : name.slice(0, 59).replace(/-$/, "");
}
