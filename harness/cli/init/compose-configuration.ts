import { access } from "node:fs/promises";
import path from "node:path";
import { INPUT_KINDS, type InputKind } from "../../definition/inputs/input-kind.ts";
import { loadSite } from "../../definition/load-site.ts";
import type { LoadedSite } from "../../definition/loaded-site.ts";
import { nameFromDirectory } from "../../definition/site-name.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import type { DockerfileFacts } from "./dockerfile.ts";
import { accountsOf, dockerfileOf, needsIdentity, sidecarOf } from "./guess.ts";
import type { FoundInput, Survey } from "./survey.ts";

/** A site file to begin with, and how it came about. */
export interface Draft {
  /** The site file's content. */
  readonly content: Readonly<Record<string, unknown>>;
  /** One line each. */
  readonly found: readonly string[];
  readonly guessed: readonly string[];
  readonly missing: readonly string[];
}

/** Kinds that say the same: the first of them that is there is used, deployment's own before what was printed of it. */
const OF_CONTAINERS: readonly InputKind[] = ["template", "siteContainers", "compose"];

/** In the order in which they are applied. */
const OTHERS: readonly InputKind[] = [
  "parameters",
  "webApp",
  "siteConfig",
  "identity",
  "serverFarm",
  "appSettings",
  "connectionStrings",
];

/** Nothing in the directory has a site's containers. */
export function isEmpty({ inputs, dockerfiles }: Survey): boolean {
  return dockerfiles.length === 0 && !inputs.some(({ kind }) => OF_CONTAINERS.includes(kind));
}

export async function composeConfiguration(directory: string, survey: Survey): Promise<Draft> {
  return await new Composer(directory, survey).compose();
}

class Composer {
  readonly #directory: string;
  readonly #survey: Survey;
  readonly #found: string[] = [];
  readonly #guessed: string[] = [];
  readonly #missing: string[] = [];

  constructor(directory: string, survey: Survey) {
    this.#directory = directory;
    this.#survey = survey;
  }

  async compose(): Promise<Draft> {
    const inputs = this.#chooseInputs();
    const loaded = await loadSite({ files: inputs });
    const fromFiles = loaded.definition;
    const siteContainers = fromFiles.siteContainers.length > 0 ? undefined : this.#containersOfImages();
    const definition: SiteDefinition =
      siteContainers === undefined ? fromFiles : { ...fromFiles, siteContainers };
    const builds = await this.#builds(definition);
    const content = {
      ...this.#name(loaded),
      ...(inputs.length === 0 ? {} : { inputs: inputs.map(({ file }) => this.#relative(file)) }),
      ...(siteContainers === undefined ? {} : { siteContainers }),
      ...this.#identity(definition),
      ...this.#storage(definition),
      ...(builds.size === 0 ? {} : { builds: Object.fromEntries(builds) }),
      ...this.#sidecars(definition, builds),
    };
    this.#lookForGaps(loaded, definition, builds);
    return { content, found: this.#found, guessed: this.#guessed, missing: this.#missing };
  }

  #chooseInputs(): FoundInput[] {
    const { inputs, componentFolders, dockerfiles } = this.#survey;
    for (const { file, kind } of inputs)
      this.#found.push(`${this.#relative(file)}: ${INPUT_KINDS[kind].what}`);
    for (const { folder, components } of componentFolders) {
      this.#found.push(
        `${this.#relative(folder)}: Dapr components ${components.map(({ name }) => name).join(", ")}`,
      );
    }
    for (const { file } of dockerfiles) this.#found.push(`${this.#relative(file)}: how an image is built`);
    const containers = OF_CONTAINERS.find((kind) => inputs.some((input) => input.kind === kind));
    const kinds = [...(containers === undefined ? [] : [containers]), ...OTHERS];
    const passed = inputs.filter(({ kind }) => OF_CONTAINERS.includes(kind) && kind !== containers);
    for (const { file } of passed)
      this.#guessed.push(`${this.#relative(file)} is left out: others have the containers`);
    return kinds.flatMap((kind) => this.#oneOf(kind, containers));
  }

  /** Of several files of one kind the nearest; parameters only for a template. */
  #oneOf(kind: InputKind, containers: InputKind | undefined): FoundInput[] {
    if (kind === "parameters" && containers !== "template") return [];
    const [first, ...rest] = this.#survey.inputs.filter((input) => input.kind === kind);
    if (first === undefined) return [];
    for (const { file } of rest) {
      this.#guessed.push(`${this.#relative(file)} is left out: ${this.#relative(first.file)} has the same`);
    }
    return [first];
  }

  #name({ definition, origins }: LoadedSite): { readonly name?: string } {
    if (origins.exact("name") !== undefined) return {};
    const name = nameFromDirectory(path.join(this.#directory, "sitecar.json"));
    this.#guessed.push(
      `name "${name}", after the folder (${definition.siteContainers.length} containers in the files)`,
    );
    return { name };
  }

  /** Without any file of the deployment: a container for each Dockerfile. */
  #containersOfImages(): SiteDefinition["siteContainers"] {
    const { dockerfiles } = this.#survey;
    const main = dockerfiles.find(({ name }) => !/dapr|sidecar/i.test(name)) ?? dockerfiles[0];
    this.#guessed.push(`a container for each Dockerfile, "${main?.name ?? ""}" as main`);
    return dockerfiles.map(({ name, exposes }, index) => {
      const isMain = dockerfiles[index] === main;
      const [port] = exposes;
      const plain = name.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
      return {
        name: plain === "" ? `container-${index + 1}` : plain,
        properties: {
          image: `${plain.toLowerCase() || "image"}:dev`,
          isMain,
          ...(isMain && port !== undefined ? { targetPort: String(port) } : {}),
        },
      };
    });
  }

  #identity(definition: SiteDefinition): object {
    if (definition.identity.type !== "None") return {};
    const component = needsIdentity(this.#survey.componentFolders);
    if (component === undefined) return {};
    this.#guessed.push(`identity SystemAssigned: the component "${component.name}" has no key`);
    return { identity: { type: "SystemAssigned" } };
  }

  #storage(definition: SiteDefinition): object {
    const known = new Set(definition.storageAccounts.map(({ name }) => name));
    const names = accountsOf(this.#survey.componentFolders).filter((name) => !known.has(name));
    return names.length === 0 ? {} : { storageAccounts: names.map((name) => ({ name })) };
  }

  async #builds(definition: SiteDefinition): Promise<ReadonlyMap<string, object>> {
    const builds = new Map<string, object>();
    for (const { image, dockerfile } of this.#dockerfilesOf(definition)) {
      // Of a pattern the folder before it.
      const sources = dockerfile.copies
        .flatMap((copy) => copy.sources)
        .map((source) => path.posix.normalize(source.replace(/[*?[].*$/s, "").replace(/^\/+/, "") || "."));
      const own = path.dirname(dockerfile.file);
      const [ofOwn, ofAll] = await Promise.all([
        missingOf(own, sources),
        missingOf(this.#directory, sources),
      ]);
      const context = ofAll.length < ofOwn.length ? this.#directory : own;
      const inContext = slashed(path.relative(context, dockerfile.file));
      const include = sources.includes(".") ? ["."] : [...new Set([inContext, ...sources])];
      builds.set(image, { context: this.#relative(context), dockerfile: inContext, include });
      this.#guessed.push(
        `${image} is built from ${this.#relative(dockerfile.file)}, in ${this.#relative(context)}`,
      );
      for (const source of context === own ? ofOwn : ofAll) {
        this.#missing.push(
          `builds: ${source} is not there; add a "prepare" command that makes it (${this.#relative(dockerfile.file)})`,
        );
      }
    }
    return builds;
  }

  #dockerfilesOf({ siteContainers }: SiteDefinition): { image: string; dockerfile: DockerfileFacts }[] {
    return siteContainers.flatMap(({ name, properties }) => {
      const { image } = properties;
      const dockerfile = dockerfileOf({ name, image }, this.#survey.dockerfiles, siteContainers.length === 1);
      return dockerfile === undefined || image === "" ? [] : [{ image, dockerfile }];
    });
  }

  #sidecars(definition: SiteDefinition, builds: ReadonlyMap<string, object>): object {
    const { componentFolders } = this.#survey;
    const facts = new Map(
      this.#dockerfilesOf(definition)
        .filter(({ image }) => builds.has(image))
        .map(({ image, dockerfile }) => [image, dockerfile]),
    );
    const guess = sidecarOf(definition, componentFolders, facts, this.#directory);
    if (guess === undefined) {
      if (componentFolders.length > 0) this.#missing.push("daprSidecars: which container runs daprd");
      return {};
    }
    const { container, resourcesPath, folder, seen } = guess;
    this.#guessed.push(`"${container}" runs daprd, with its components in ${resourcesPath}`);
    if (!seen) this.#missing.push(`daprSidecars[0].resourcesPath: look whether it is ${resourcesPath}`);
    const componentFiles = [this.#relative(folder.folder)];
    return { daprSidecars: [{ container, resourcesPath, componentFiles }] };
  }

  #lookForGaps(loaded: LoadedSite, definition: SiteDefinition, builds: ReadonlyMap<string, object>): void {
    if (definition.appSettings.length === 0) {
      this.#missing.push(
        "appSettings: none are among the files (`az webapp config appsettings list -o json`)",
      );
    }
    for (const { path: where, suggestion } of loaded.unevaluable ?? []) {
      this.#missing.push(`${where}: only Azure knows it. ${suggestion}`);
    }
    for (const { properties } of definition.siteContainers) {
      if (!builds.has(properties.image))
        this.#missing.push(`builds: ${properties.image} is pulled, for want of a Dockerfile`);
    }
  }

  #relative(file: string): string {
    const relative = slashed(path.relative(this.#directory, file));
    return relative === "" ? "." : relative;
  }
}

function slashed(file: string): string {
  return file.replaceAll(path.sep, "/");
}

/** Which of the paths are not in a directory. */
async function missingOf(directory: string, sources: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const source of sources) {
    const isThere = await access(path.join(directory, source)).then(
      () => true,
      () => false,
    );
    if (!isThere) missing.push(source);
  }
  return missing;
}
