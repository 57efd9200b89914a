import path from "node:path";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import type { DaprComponent } from "../../dapr/component-files.ts";
import type { DockerfileFacts } from "./dockerfile.ts";
import type { ComponentFolder } from "./survey.ts";

export interface GuessedSidecar {
  readonly container: string;
  readonly resourcesPath: string;
  readonly folder: ComponentFolder;
  /** Whether a Dockerfile says where the components lie in the image. */
  readonly seen: boolean;
}

/** Where daprd looks by default, self-hosted and run by root. */
const DEFAULT_RESOURCES = "/root/.dapr/components";

/** Metadata keys that name a storage account, by the component's kind of storage. */
const ACCOUNT_KEYS = new Set(["accountname", "storageaccount", "storageaccountname"]);
const ACCOUNT_KEY = /^(?:accountKey|storageAccountKey|storageAccessKey|connectionString|azureClientSecret)$/i;
const OF_STORAGE = /\.azure\.(?:blobstorage|storagequeues|tablestorage)$/;

/** Storage accounts that component files name, each once. */
export function accountsOf(folders: readonly ComponentFolder[]): string[] {
  const names = componentsOf(folders)
    .filter(({ type }) => OF_STORAGE.test(type))
    .flatMap(({ metadata }) =>
      Object.entries(metadata).flatMap(([key, value]) =>
        ACCOUNT_KEYS.has(key.toLowerCase()) ? [value] : [],
      ),
    );
  return [...new Set(names)].filter((name) => /^[a-z0-9]{3,24}$/.test(name));
}

/** A component of Azure's without any key, which can't work but by the site's identity. */
export function needsIdentity(folders: readonly ComponentFolder[]): DaprComponent | undefined {
  return componentsOf(folders).find(
    ({ type, metadata }) =>
      type.includes(".azure.") && !Object.keys(metadata).some((key) => ACCOUNT_KEY.test(key)),
  );
}

/** Which container runs daprd, and where its components lie in it. */
export function sidecarOf(
  definition: SiteDefinition,
  folders: readonly ComponentFolder[],
  builds: ReadonlyMap<string, DockerfileFacts>,
  directory: string,
): GuessedSidecar | undefined {
  const [first] = folders;
  if (first === undefined) return undefined;
  const sidecars = definition.siteContainers.filter(({ properties }) => !properties.isMain);
  for (const { name, properties } of sidecars) {
    const copies = builds.get(properties.image)?.copies ?? [];
    for (const folder of folders) {
      const found = copies.find(({ sources }) =>
        sources.some((source) => leadsTo(source, folder, directory)),
      );
      if (found !== undefined) {
        return { container: name, resourcesPath: withoutSlash(found.target), folder, seen: true };
      }
    }
  }
  const dapr = sidecars.find(({ name, properties }) => /dapr/i.test(`${name} ${properties.image}`));
  if (dapr === undefined) return undefined;
  const words = (dapr.properties.startUpCommand ?? "").split(/[\s=]+/);
  const at = words.findIndex((word) => /^--?(?:resources|components)-path$/.test(word));
  const stated = at === -1 ? undefined : words[at + 1];
  return {
    container: dapr.name,
    resourcesPath: stated ?? DEFAULT_RESOURCES,
    folder: first,
    seen: stated !== undefined,
  };
}

/** The Dockerfile of an image: the one that is called like its repository, or like the container that runs it. */
export function dockerfileOf(
  container: { readonly name: string; readonly image: string },
  dockerfiles: readonly DockerfileFacts[],
  isOnly: boolean,
): DockerfileFacts | undefined {
  const repository =
    container.image
      .replace(/[:@].*$/s, "")
      .split("/")
      .at(-1) ?? "";
  const called = (name: string): DockerfileFacts | undefined =>
    dockerfiles.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return (
    called(repository) ??
    called(container.name) ??
    (isOnly && dockerfiles.length === 1 ? dockerfiles[0] : undefined)
  );
}

function componentsOf(folders: readonly ComponentFolder[]): DaprComponent[] {
  return folders.flatMap(({ components }) => components);
}

/** Whether a path of a Dockerfile is the folder, seen from its own folder or from where the survey began. */
function leadsTo(source: string, { folder }: ComponentFolder, directory: string): boolean {
  const relative = path.relative(directory, folder);
  const plain = withoutSlash(source.replace(/^\.\//, "").replace(/\/\*[^/]*$/, ""));
  return plain !== "" && plain !== "." && (relative === plain || relative.endsWith(`/${plain}`));
}

function withoutSlash(text: string): string {
  return text.length > 1 ? text.replace(/\/+$/, "") : text;
}
