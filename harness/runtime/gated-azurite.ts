import { AzuriteContainer } from "@testcontainers/azurite";
import { PullPolicy } from "testcontainers";
import { SitecarError } from "../errors/index.ts";

/** Blob service's port in the container: the one that `https://<account>.blob.core.windows.net` means. */
export const STORAGE_PORT = 443;

export interface StorageAccountKey {
  readonly name: string;
  /** Base64. */
  readonly key: string;
}

export interface GatedAzuriteOptions {
  readonly name: string;
  readonly image: string;
  readonly network: string;
  readonly aliases: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly accounts: readonly StorageAccountKey[];
  readonly certificate: { readonly certificatePem: string; readonly keyPem: string };
}

/**
 * testcontainers' Azurite, held between its creation and its start: `start()` of testcontainers does both, and calls
 * `containerCreated` right before the engine call that starts. The gate that is awaited there makes the start one
 * engine call at a time that the schedule chooses.
 *
 * Use: {@link create}, then {@link open} or {@link abandon}, then {@link settled}.
 */
export class GatedAzurite extends AzuriteContainer {
  readonly #options: GatedAzuriteOptions;
  readonly #created = Promise.withResolvers<string>();
  readonly #gate = Promise.withResolvers<void>();
  readonly #started = Promise.withResolvers<void>();
  #settled: Promise<void> = Promise.resolve();

  constructor(options: GatedAzuriteOptions) {
    super(options.image);
    this.#options = options;
    for (const promise of [this.#created.promise, this.#gate.promise, this.#started.promise]) {
      // Which of the three is awaited depends on how far it gets; none may end as an unhandled rejection.
      promise.catch(() => undefined);
    }
    this.withName(options.name)
      .withNetworkMode(options.network)
      .withLabels({ ...options.labels })
      .withPullPolicy(PullPolicy.neverPull())
      // testcontainers removes a container that is not ready in time, and with it the reason. The caller waits itself.
      .withWaitStrategy(readyAtOnce)
      .withBlobPort(STORAGE_PORT)
      .withSsl(options.certificate.certificatePem, options.certificate.keyPem)
      .withOAuth()
      .withInMemoryPersistence()
      .withSkipApiVersionCheck();
  }

  /** Resolves with the container's id once it exists and its files are in place. */
  create(): Promise<string> {
    this.#settled = this.start().then(
      () => this.#started.resolve(),
      (error: unknown) => {
        this.#created.reject(error);
        this.#started.reject(error);
      },
    );
    return this.#created.promise;
  }

  /** Lets the start call go; resolves when the engine has answered it. */
  open(): Promise<void> {
    this.#gate.resolve();
    return this.#started.promise;
  }

  /** Ends a start that is still held; without effect on one that was let go. */
  abandon(): void {
    this.#gate.reject(
      new SitecarError("RUN_STOPPED", {
        message: "the storage container was removed before it was started.",
        remedy: "nothing to mend: something else ended the run.",
      }),
    );
  }

  /** Resolves, never rejects, when testcontainers does nothing more. */
  settled(): Promise<void> {
    return this.#settled;
  }

  protected override beforeContainerCreated(): Promise<void> {
    const { accounts, aliases, network } = this.#options;
    const port = `${STORAGE_PORT}/tcp`;
    // By now `start()` has exposed all three services on every address of the host. Only blobs are wanted, on loopback.
    this.exposedPorts = [STORAGE_PORT];
    this.createOpts.ExposedPorts = { [port]: {} };
    this.hostConfig.PortBindings = { [port]: [{ HostIp: "127.0.0.1", HostPort: "0" }] };
    this.createOpts.NetworkingConfig = { EndpointsConfig: { [network]: { Aliases: [...aliases] } } };
    // Azurite would report its use to Microsoft; nothing leaves the machine.
    this.createOpts.Cmd = [...(this.createOpts.Cmd ?? []), "--disableTelemetry"];
    this.createOpts.Env = [
      ...(this.createOpts.Env ?? []).filter((variable) => !variable.startsWith("AZURITE_ACCOUNTS=")),
      `AZURITE_ACCOUNTS=${accounts.map(({ name, key }) => `${name}:${key}`).join(";")}`,
    ];
    return Promise.resolve();
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.#created.resolve(id);
    await this.#gate.promise;
  }

  protected override containerStarting(): Promise<void> {
    this.#started.resolve();
    return Promise.resolve();
  }
}

const readyAtOnce = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => readyAtOnce,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};
