import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { InputKind } from "../../definition/inputs/input-kind.ts";
import { recognise, SITE_FILES } from "../../definition/inputs/recognise.ts";
import { Problems } from "../../definition/problems.ts";
import { SourceFile } from "../../definition/source-file.ts";
import { Value } from "../../definition/value.ts";
import { isComponentFileName, readComponentFile, type DaprComponent } from "../../dapr/component-files.ts";
import { isDockerfileName, readDockerfile, type DockerfileFacts } from "./dockerfile.ts";

/** A file that says something of a site. */
export interface FoundInput {
  /** Absolute. */
  readonly file: string;
  readonly kind: InputKind;
}

/** A folder with Dapr component files directly in it. */
export interface ComponentFolder {
  /** Absolute. */
  readonly folder: string;
  readonly components: readonly DaprComponent[];
}

/** Everything in a directory from which a site can be configured. */
export interface Survey {
  readonly inputs: readonly FoundInput[];
  readonly componentFolders: readonly ComponentFolder[];
  readonly dockerfiles: readonly DockerfileFacts[];
}

const MOST_LEVELS = 5;
const MOST_BYTES = 4_000_000;

/** Folders of tools and of what is built, never of what is deployed from. */
const NOT_LOOKED_INTO = new Set(["node_modules", "bin", "obj", "dist", "target", "vendor", "__pycache__"]);
const OF_TOOLS = /^(?:package(?:-lock)?|tsconfig.*|jsconfig|composer|launchSettings|.*\.schema)\.json$/i;

/** Looks through a directory; what can't be read or says nothing of a site is passed over. */
export async function survey(directory: string): Promise<Survey> {
  const inputs: FoundInput[] = [];
  const folders = new Map<string, DaprComponent[]>();
  const dockerfiles: DockerfileFacts[] = [];
  for (const file of await filesBelow(directory, MOST_LEVELS)) {
    const name = path.basename(file);
    if (isDockerfileName(name)) {
      dockerfiles.push(readDockerfile(file, await readFile(file, "utf8")));
      continue;
    }
    const components = isComponentFileName(name) ? await componentsOf(file) : [];
    if (components.length > 0) {
      const folder = path.dirname(file);
      folders.set(folder, [...(folders.get(folder) ?? []), ...components]);
      continue;
    }
    const kind = await kindOf(file);
    if (kind !== undefined) inputs.push({ file, kind });
  }
  return {
    inputs,
    componentFolders: [...folders].map(([folder, components]) => ({ folder, components })),
    dockerfiles,
  };
}

/** Absolute, sorted, nearest first. */
async function filesBelow(directory: string, levels: number): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files = sorted.filter((entry) => entry.isFile()).map(({ name }) => path.join(directory, name));
  if (levels === 0) return files;
  const folders = sorted.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith(".") && !NOT_LOOKED_INTO.has(entry.name),
  );
  for (const { name } of folders) files.push(...(await filesBelow(path.join(directory, name), levels - 1)));
  return files;
}

async function componentsOf(file: string): Promise<readonly DaprComponent[]> {
  if (!(await isSmall(file))) return [];
  const bytes = await readFile(file);
  return bytes.includes("dapr.io/") ? readComponentFile(file, bytes).components : [];
}

async function kindOf(file: string): Promise<InputKind | undefined> {
  const name = path.basename(file);
  const isEnvironment = /^\.env(?:\.\w+)?$|\.env$/.test(name);
  if (!isEnvironment && !/\.(?:json|ya?ml)$/i.test(name)) return undefined;
  if (OF_TOOLS.test(name) || SITE_FILES.some((one) => one === name) || !(await isSmall(file)))
    return undefined;
  const source = await SourceFile.open(file);
  if (!(source instanceof SourceFile)) return undefined;
  const root = Value.root(source, new Problems(), "");
  const kind = recognise(root);
  if (typeof kind !== "string" || kind === "nothing" || kind === "site") return undefined;
  // Many a tool's file is an object of names and values.
  const isFree = kind === "appSettings" || kind === "connectionStrings" || kind === "keyVaultSecrets";
  if (isFree && root.isMap && !isEnvironment && !/settings|strings|secrets/i.test(name)) return undefined;
  return kind;
}

async function isSmall(file: string): Promise<boolean> {
  return (await stat(file)).size <= MOST_BYTES;
}
