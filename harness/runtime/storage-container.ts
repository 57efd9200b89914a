import type { Observation } from "../errors/index.ts";
import { SitecarError } from "../errors/index.ts";
import { Deadline, poll } from "../shared/clock.ts";
import { EngineContainer, publishedPortOf } from "./container.ts";
import { engineError, hasStatus } from "./engine/engine-error.ts";
import type { Engine } from "./engine/engine.ts";
import { GatedAzurite, STORAGE_PORT, type StorageAccountKey } from "./gated-azurite.ts";
import { LABELS, runLabels, type RunIdentity } from "./labels.ts";
import { httpsAnswer } from "./https-answer.ts";

export interface StorageContainerOptions {
  /** The container's name on the engine, unique there. */
  readonly name: string;
  /** The name in the site; default `storage`. */
  readonly label?: string;
  /** Reference of a prepared Azurite image; it is not pulled here. */
  readonly image: string;
  /** Name of the bridge network. */
  readonly network: string;
  /** Names under which the network knows the storage. */
  readonly aliases: readonly string[];
  readonly accounts: readonly StorageAccountKey[];
  /** Has to name {@link StorageContainerOptions.serverName}. PEM. */
  readonly certificate: { readonly certificatePem: string; readonly keyPem: string };
  /** The authority that signed it; the harness trusts nothing else when it looks whether storage answers. */
  readonly authorityPem: string;
  /** The host name that the harness asks for: one of the certificate's, for example `account.blob.core.windows.net`. */
  readonly serverName: string;
}

export interface ListeningOptions {
  readonly deadline: Deadline;
  readonly signal?: AbortSignal;
}

/** Azurite serves blobs over TLS on port 443 of the container's addresses and on `port` of 127.0.0.1. */
export interface StorageEndpoint {
  /** On 127.0.0.1. The engine gives another one after every restart of the container. */
  readonly port: number;
  /** `https://127.0.0.1:<port>`; accounts are its first path segment. */
  readonly origin: string;
}

/**
 * The storage emulator as a container that exists and has not started yet. Its data are in memory: they outlive a
 * pause, not a kill.
 */
export interface StorageContainer {
  /** Kills, pauses, starts again, reads output: all but the first start, which is {@link StorageContainer.start}. */
  readonly container: EngineContainer;
  /**
   * The first start: one engine call. Resolves when the engine has answered it; storage listens about 1.5 s later.
   * Another call answers with the first one's outcome.
   * @throws {SitecarError} STORAGE_FAILED, ENGINE_GONE, ENGINE_REFUSED, PORT_TAKEN.
   */
  start(): Promise<void>;
  /**
   * Resolves once it answered a request over TLS on 127.0.0.1, after the first or any later start; reads the published port anew.
   * @throws {SitecarError} STORAGE_FAILED when the container ended or the deadline passed.
   */
  listening(options: ListeningOptions): Promise<StorageEndpoint>;
  /** Removes the container, started or not. Safe to call twice. */
  remove(): Promise<void>;
}

/**
 * Creates the storage emulator (Azurite with blob service on 443, TLS, OAuth, in memory, no telemetry) and places its
 * certificate; {@link StorageContainer.start} starts it at its scheduled time.
 * @throws {SitecarError} STORAGE_FAILED, IMAGE_NOT_FOUND, ENGINE_GONE, ENGINE_REFUSED; nothing is left behind.
 */
export async function createStorageContainer(
  engine: Engine,
  run: RunIdentity,
  options: StorageContainerOptions,
): Promise<StorageContainer> {
  const label = options.label ?? "storage";
  const azurite = new GatedAzurite({
    ...options,
    labels: { ...runLabels(run), [LABELS.container]: label },
  });
  let container: EngineContainer;
  try {
    container = EngineContainer.of(engine, await azurite.create(), { name: options.name, label });
  } catch (error) {
    azurite.abandon();
    // 409: the name belongs to a container that is not this one.
    if (!hasStatus(error, 409)) {
      await removeByName(engine, options.name);
    }
    throw storageError(error, `create the storage container from ${options.image}`);
  }
  let listened: Promise<void> | undefined;
  return {
    container,
    start: async () => {
      try {
        // Before the start, so that no line of the output is lost; not before that, because the engine keeps the
        // stream of a container that never starts open, and it would keep this process alive.
        listened ??= container.listen();
        await listened;
        await azurite.open();
      } catch (error) {
        throw storageError(error, "start the storage container", lastLines(container));
      }
    },
    listening: (waiting) => listening(container, options, waiting),
    remove: async () => {
      azurite.abandon();
      await container.remove();
      await azurite.settled();
    },
  };
}

async function listening(
  container: EngineContainer,
  options: StorageContainerOptions,
  { deadline, signal }: ListeningOptions,
): Promise<StorageEndpoint> {
  const look = async (): Promise<StorageEndpoint | Ended> => {
    const seen = await container.inspect();
    const { State: state } = seen;
    if (state.Status === "exited" || state.Status === "dead") return new Ended(state.ExitCode);
    const port = publishedPortOf(seen, STORAGE_PORT);
    if (port === undefined) throw new Error(`the container is ${state.Status}; no port is published`);
    // The engine's port proxy accepts connections before Azurite does, so an open port proves nothing.
    await httpsAnswer({
      port,
      servername: options.serverName,
      authorityPem: options.authorityPem,
      signal: anySignal(Deadline.in(Math.min(ANSWER_LIMIT_MS, deadline.remainingMs)), signal),
    });
    return { port, origin: `https://127.0.0.1:${port}` };
  };
  const outcome = await poll(look, { deadline, intervalMs: 50, ...(signal === undefined ? {} : { signal }) });
  if (!outcome.met) {
    throw new SitecarError("STORAGE_FAILED", {
      message: `the storage container did not listen within ${(deadline.budgetMs / 1000).toFixed(1)} s.`,
      observations: [
        { label: "last look", value: `${String(outcome.lastFailure)} (${outcome.looks} looks)` },
        ...lastLines(container),
      ],
      remedy:
        "read the storage container's last lines; a first start reads Azurite from a cold disk, so allow it more time.",
      cause: outcome.lastFailure,
    });
  }
  if (outcome.value instanceof Ended) {
    throw new SitecarError("STORAGE_FAILED", {
      message: `the storage container ended with exit code ${outcome.value.exitCode} before it listened.`,
      observations: lastLines(container),
      remedy: "read the storage container's last lines; they say what Azurite did not take.",
    });
  }
  return outcome.value;
}

/** A paused or stuck Azurite must not eat the whole budget of a wait in one look. */
const ANSWER_LIMIT_MS = 1000;

class Ended {
  readonly exitCode: number;
  constructor(exitCode: number) {
    this.exitCode = exitCode;
  }
}

function anySignal(deadline: Deadline, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? deadline.signal() : AbortSignal.any([deadline.signal(), signal]);
}

function lastLines(container: EngineContainer): readonly Observation[] {
  const lines = container.output.last(8).map(({ text }) => text);
  return [{ label: "last lines", value: lines.length === 0 ? "none" : lines.join("\n") }];
}

/** The engine's own errors keep their meaning; what testcontainers says in its own words is storage's failure. */
function storageError(
  error: unknown,
  doing: string,
  observations: readonly Observation[] = [],
): SitecarError {
  const engineSpoke = error instanceof Error && ("statusCode" in error || "errno" in error);
  if (error instanceof SitecarError || engineSpoke) return engineError(error, doing);
  return new SitecarError("STORAGE_FAILED", {
    message: `could not ${doing}.`,
    observations: [
      { label: "cause", value: error instanceof Error ? error.message : String(error) },
      ...observations,
    ],
    remedy: "see whether the image is there and is Azurite's (`sitecar images`), then run again.",
    cause: error,
  });
}

/** A failure between the creation and its answer leaves a container whose id nobody told. */
async function removeByName(engine: Engine, name: string): Promise<void> {
  // The failure that led here matters more than one of this call, and the run's labels find what is left.
  await engine.docker
    .getContainer(name)
    .remove({ force: true, v: true })
    .catch(() => undefined);
}
