import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { execa } from "execa";

import { GoSources } from "./component-metadata/go-sources.ts";
import { readMetadataFiles, type MetadataFile } from "./component-metadata/metadata-files.ts";
import { readRegistrations, type Registration } from "./component-metadata/registrations.ts";

/**
 * Writes harness/lint/dapr/component-metadata.json: which component types a release of daprd knows and which metadata
 * each of them reads. Facts only: names, types, required, sensitive. Needs Go, for its module downloads.
 *
 *     node scripts/component-metadata.ts
 */

const DAPR = "github.com/dapr/dapr@v1.18.2";
const CONTRIB = "github.com/dapr/components-contrib@v1.18.3";
const OUTPUT = path.join(import.meta.dirname, "../harness/lint/dapr/component-metadata.json");

/** What stands in the JSON for a version of a component type. */
interface VersionEntry {
  readonly status: string;
  /** Name → `[type, required, sensitive]`, each in as few characters as do. */
  readonly keys: Readonly<Record<string, string>>;
  /** Lower-case names that its source reads though its metadata.yaml does not have them. */
  readonly accepts: readonly string[];
  /** Names of which each stands for the same. */
  readonly aliases: readonly (readonly string[])[];
  readonly profiles: readonly string[];
  /** For each further way to authenticate, what it requires. */
  readonly ways: readonly (readonly string[])[];
}

async function moduleFolder(module: string): Promise<string> {
  const { stdout } = await execa("go", ["mod", "download", "-json", module]);
  const answer: unknown = JSON.parse(stdout);
  if (typeof answer === "object" && answer !== null && "Dir" in answer) return String(answer.Dir);
  throw new Error(`go mod download names no folder of ${module}`);
}

function keyText(type: string, required: string, sensitive: boolean): string {
  const shortType = type === "string" ? "" : type;
  return [shortType, required, sensitive ? "sensitive" : ""].filter((part) => part !== "").join(" ");
}

async function versionEntry(file: MetadataFile, sources: GoSources): Promise<VersionEntry> {
  const read = await sources.readBy(path.dirname(file.path));
  const known = new Set([...file.keys.keys()].map((key) => key.toLowerCase()));
  return {
    status: file.status,
    keys: Object.fromEntries(
      [...file.keys].map(([key, { type, required, sensitive }]) => [key, keyText(type, required, sensitive)]),
    ),
    accepts: [...read.names].filter((name) => !known.has(name)).toSorted(),
    aliases: read.aliases,
    profiles: file.builtInProfiles,
    ways: file.ways,
  };
}

/** The metadata files of a registration: of the name that has one, else of the folders that its file imports. */
function filesOf(registration: Registration, files: readonly MetadataFile[]): MetadataFile[] {
  const names = registration.names.map((name) => `${registration.category}.${name}`);
  const named = files.filter(({ type }) => names.includes(type));
  if (named.length > 0) return named;
  return files.filter(
    (file) =>
      registration.folders.includes(path.dirname(file.path)) &&
      (registration.versions.length === 0 || registration.versions.includes(file.version)),
  );
}

const [dapr, contrib] = await Promise.all([moduleFolder(DAPR), moduleFolder(CONTRIB)]);
const folder = path.join(dapr, "cmd/daprd/components");
const registering = (await readdir(folder)).filter((name) => name.endsWith(".go")).toSorted();
const registrations = (
  await Promise.all(
    registering.map(async (name) => readRegistrations(await readFile(path.join(folder, name), "utf8"))),
  )
).flat();
const files = await readMetadataFiles(contrib);
const sources = new GoSources(contrib);

interface TypeEntry {
  names: string[];
  directions: string[];
  defaultVersion: string;
  versions: Record<string, VersionEntry | null>;
}
const types = new Map<string, TypeEntry>();
for (const registration of registrations) {
  const found = filesOf(registration, files);
  const names = registration.names.map((name) => `${registration.category}.${name}`);
  const type = names.find((name) => found.some((file) => file.type === name)) ?? names[0] ?? "";
  const entry = types.get(type) ?? { names: [], directions: [], defaultVersion: "v1", versions: {} };
  types.set(type, entry);
  for (const name of names) if (!entry.names.includes(name)) entry.names.push(name);
  if (registration.direction !== undefined) entry.directions.push(registration.direction);
  if (registration.defaultVersion !== undefined) entry.defaultVersion = registration.defaultVersion;
  for (const version of registration.versions) entry.versions[version] ??= null;
  for (const file of found) entry.versions[file.version] = await versionEntry(file, sources);
}

const lines = [...types]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([type, entry]) => `    ${JSON.stringify(type)}: ${JSON.stringify(entry)}`);
await writeFile(
  OUTPUT,
  `{\n  "dapr": ${JSON.stringify(DAPR)},\n  "contrib": ${JSON.stringify(CONTRIB)},\n  "azureAliases": ${JSON.stringify(await sources.azureAliases())},\n  "types": {\n${lines.join(",\n")}\n  }\n}\n`,
);
