import { readFileSync } from "node:fs";

import type { ComponentFile, DaprComponent } from "../dapr/component-files.ts";
import { parseCronSchedule } from "../dapr/cron-schedule.ts";
import { SitecarError } from "../errors/index.ts";
import { BlobBinding } from "./blob/blob-binding.ts";
import { readBlobSettings } from "./blob/blob-settings.ts";
import type { OutputBinding } from "./blob/invocation.ts";
import type { BlobContainer } from "./blob/stored-blob.ts";
import { TwinStorage } from "./blob/twin-storage.ts";
import { GoError } from "./go/json-node.ts";
import { notStarted } from "./not-started.ts";
import { EnvironmentSecrets } from "./secrets/environment-secrets.ts";
import { FileSecrets } from "./secrets/file-secrets.ts";
import type { SecretStore } from "./secrets/secret-store.ts";
import { MemoryStore } from "./state/memory-store.ts";
import type { Surroundings } from "./surroundings.ts";
import type { DaprFacts } from "./versions/dapr-facts.ts";

export interface LoadOptions {
  readonly facts: DaprFacts;
  readonly appId: string;
  readonly surroundings: Surroundings;
}

/** The components that a daprd with these files has loaded, and those of them that the twin can be. */
export class LoadedComponents {
  /** In the order in which daprd's metadata names them: secret stores come first. */
  readonly all: readonly DaprComponent[];
  readonly outputs = new Map<string, OutputBinding>();
  readonly secretStores = new Map<string, SecretStore>();
  readonly stateStores = new Map<string, MemoryStore>();
  readonly storage = new TwinStorage();
  /** By component: its container's URL. */
  readonly #containerOf = new Map<string, string>();
  readonly #multiValued = new Set<string>();
  readonly #options: LoadOptions;

  /** @throws {SitecarError} TWIN_NOT_STARTED, TWIN_NOT_COVERED */
  constructor(files: readonly ComponentFile[], options: LoadOptions) {
    this.#options = options;
    const own = files
      .flatMap(({ components }) => components)
      .filter(({ scopes }) => scopes.length === 0 || scopes.includes(options.appId));
    const [stores, others] = [own.filter(isSecretStore), own.filter((one) => !isSecretStore(one))];
    this.all = [...stores, ...others].filter((component) => this.#isLoaded(component));
  }

  /** Those of `pubsub.*`, `state.*`, …. */
  ofKind(kind: string): readonly DaprComponent[] {
    return this.all.filter(({ type }) => type.startsWith(`${kind}.`));
  }

  /** Those whose type the twin can't be: calls to them are refused. */
  get beyond(): readonly DaprComponent[] {
    return this.all.filter(
      ({ name, type }) =>
        type !== "bindings.cron" &&
        !this.outputs.has(name) &&
        !this.secretStores.has(name) &&
        !this.stateStores.has(name),
    );
  }

  capabilitiesOf({ name, type }: DaprComponent): readonly string[] {
    if (this.#multiValued.has(name)) return ["MULTIPLE_KEY_VALUES_PER_SECRET"];
    return this.#options.facts.capabilities[type] ?? [];
  }

  /** The blobs that a component of blob storage writes to; `undefined` for any other. */
  blobsOf(component: string): BlobContainer | undefined {
    const url = this.#containerOf.get(component);
    return url === undefined ? undefined : this.storage.container(url);
  }

  /** Empties storage, which is well then, and state stores. */
  clear(): void {
    this.storage.clear();
    for (const store of this.stateStores.values()) store.clear();
  }

  /** One that fails and says `ignoreErrors` is left out, as if it were not there (daprd.md §1.3). */
  #isLoaded(component: DaprComponent): boolean {
    try {
      this.#load(component);
      return true;
    } catch (error) {
      if (component.ignoreErrors && error instanceof SitecarError && error.code === "TWIN_NOT_STARTED")
        return false;
      throw error;
    }
  }

  #load(component: DaprComponent): void {
    const { facts, surroundings } = this.#options;
    switch (component.type) {
      case "bindings.cron":
        return checkSchedule(component);
      case "bindings.azure.blobstorage": {
        const settings = readBlobSettings(component);
        this.#containerOf.set(component.name, settings.containerUrl);
        const binding = new BlobBinding(facts.blobOperations, this.storage, settings, surroundings);
        return void this.outputs.set(component.name, binding);
      }
      case "state.in-memory":
        return void this.stateStores.set(component.name, new MemoryStore(surroundings));
      case "secretstores.local.env": {
        const secrets = new EnvironmentSecrets(surroundings.environment, read(component, "prefix"));
        return void this.secretStores.set(component.name, secrets);
      }
      case "secretstores.local.file":
        return this.#loadSecretsFile(component);
      default:
        return undefined;
    }
  }

  #loadSecretsFile(component: DaprComponent): void {
    const multiValued = /^(?:y|yes|true|t|on|1)$/i.test(read(component, "multiValued").trim());
    const secrets = readSecretsFile(component, multiValued);
    this.secretStores.set(component.name, secrets);
    if (multiValued) this.#multiValued.add(component.name);
  }
}

function isSecretStore({ type }: DaprComponent): boolean {
  return type.startsWith("secretstores.");
}

function read({ metadata }: DaprComponent, name: string): string {
  return Object.entries(metadata).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? "";
}

function checkSchedule(component: DaprComponent): void {
  const schedule = parseCronSchedule(read(component, "schedule"));
  if (schedule.kind !== "fault") return;
  throw initFailed(
    component,
    `the schedule ${JSON.stringify(read(component, "schedule"))}: ${schedule.message}`,
    "mend its schedule.",
  );
}

/** The path counts from where daprd runs; of the twin, from where it runs. */
function readSecretsFile(component: DaprComponent, multiValued: boolean): FileSecrets {
  const file = read(component, "secretsFile");
  if (file === "")
    throw initFailed(component, "missing local secrets file in metadata", "write secretsFile.");
  try {
    return new FileSecrets(readFileSync(file), {
      separator: read(component, "nestedSeparator") || ":",
      multiValued,
    });
  } catch (error) {
    const words = error instanceof GoError ? error.message : `open ${file}: no such file or directory`;
    if (!(error instanceof GoError) && !(error instanceof Error && "code" in error)) throw error;
    throw initFailed(component, words, "name a file of JSON, by its path from the working directory.");
  }
}

function initFailed({ name, path }: DaprComponent, words: string, instead: string): Error {
  return notStarted({
    why: `component ${name}: ${words}`,
    file: path,
    instead,
  });
}
