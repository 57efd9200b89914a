import { Agent } from "node:https";
import {
  BlobServiceClient,
  newPipeline,
  RestError,
  StorageSharedKeyCredential,
  type StoragePipelineOptions,
} from "@azure/storage-blob";
import { SitecarError } from "../errors/index.ts";
import { Deadline } from "../shared/clock.ts";

export interface BlobReaderOptions {
  /** Where storage is published, for example `https://127.0.0.1:32768`. */
  readonly origin: string;
  readonly account: string;
  /** Base64. */
  readonly accountKey: string;
  /** The only authority that is trusted. PEM. */
  readonly authorityPem: string;
  /** Limit of each request. Default 10,000: scenarios and contracts make many once, and a busy machine has its time. */
  readonly requestLimitMs?: number;
}

export interface BlobDescription {
  readonly name: string;
  readonly size: number;
  /** As storage says it; whole seconds. */
  readonly createdOn: Date;
  readonly contentType: string;
  /** daprd adds some of its own, other ones over gRPC than over HTTP (daprd.md §3). */
  readonly metadata: Readonly<Record<string, string>>;
}

const TRY_OUT_CONTAINER = "sitecar-try-out";

interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * Reads one storage account from the host: with the account's key, in path style, over TLS. It tries once, so that
 * an outage is seen as one. All methods throw {@link SitecarError} STORAGE_UNREADABLE, with the HTTP status and
 * storage's error code if there was an answer.
 */
export class BlobReader {
  readonly account: string;
  readonly #service: BlobServiceClient;
  readonly #agent: Agent;
  readonly #requestLimitMs: number;
  readonly #url: string;

  constructor(options: BlobReaderOptions) {
    this.account = options.account;
    this.#requestLimitMs = options.requestLimitMs ?? 10_000;
    // An agent of our own: trust for this client alone, and the proxy variables of the environment, which the client
    // heeds even for 127.0.0.1, do not apply where there is one.
    this.#agent = new Agent({ ca: options.authorityPem, keepAlive: true, maxSockets: 4 });
    this.#url = `${options.origin}/${options.account}`;
    // `agent` is an option of the core pipeline that the storage client hands on without having it in its types.
    const pipelineOptions: StoragePipelineOptions & { readonly agent: Agent } = {
      agent: this.#agent,
      retryOptions: { maxTries: 1 },
    };
    this.#service = new BlobServiceClient(
      this.#url,
      newPipeline(new StorageSharedKeyCredential(options.account, options.accountKey), pipelineOptions),
    );
  }

  /** The names of the account's containers. */
  async containers(options: CallOptions = {}): Promise<readonly string[]> {
    return await this.#call("list the containers", options, async (abortSignal) => {
      const names: string[] = [];
      for await (const { name } of this.#service.listContainers({ abortSignal })) names.push(name);
      return names;
    });
  }

  /** The blobs of a container, by name. A container that does not exist is an error (404 ContainerNotFound). */
  async blobs(container: string, options: CallOptions = {}): Promise<readonly BlobDescription[]> {
    return await this.#call(`list the blobs of ${container}`, options, async (abortSignal) => {
      const blobs: BlobDescription[] = [];
      const listing = this.#service
        .getContainerClient(container)
        .listBlobsFlat({ abortSignal, includeMetadata: true });
      for await (const { name, properties, metadata } of listing) {
        blobs.push({
          name,
          size: properties.contentLength ?? 0,
          createdOn: properties.createdOn ?? properties.lastModified,
          contentType: properties.contentType ?? "",
          metadata: metadata ?? {},
        });
      }
      return blobs;
    });
  }

  /** A blob's bytes. */
  async content(container: string, name: string, options: CallOptions = {}): Promise<Buffer> {
    return await this.#call(`read ${container}/${name}`, options, (abortSignal) =>
      this.#service
        .getContainerClient(container)
        .getBlobClient(name)
        .downloadToBuffer(0, undefined, { abortSignal, maxRetryRequestsPerBlock: 0 }),
    );
  }

  /** Writes a blob, reads it and removes it with its container: what a storage does for the first time takes it longest. */
  async tryOut(options: CallOptions = {}): Promise<void> {
    await this.#call("write, read and remove a blob", options, async (abortSignal) => {
      const container = this.#service.getContainerClient(TRY_OUT_CONTAINER);
      const blob = container.getBlockBlobClient("tried.txt");
      await container.create({ abortSignal });
      await blob.upload("tried", 5, { abortSignal });
      await blob.downloadToBuffer(0, undefined, { abortSignal, maxRetryRequestsPerBlock: 0 });
      await container.delete({ abortSignal });
    });
  }

  /** Removes all containers of the account, leased ones too. Resolves when it has none. */
  async empty(options: CallOptions = {}): Promise<void> {
    for (const name of await this.containers(options)) {
      await this.#call(`remove the container ${name}`, options, async (abortSignal) => {
        const container = this.#service.getContainerClient(name);
        try {
          await container.delete({ abortSignal });
        } catch (error) {
          if (!(error instanceof RestError) || error.code !== "LeaseIdMissing") throw error;
          await container.getBlobLeaseClient().breakLease(0, { abortSignal });
          await container.delete({ abortSignal });
        }
      });
    }
  }

  /** Closes the connections that are kept alive. Afterwards the reader may still be used. */
  close(): void {
    this.#agent.destroy();
  }

  async #call<T>(
    doing: string,
    { signal }: CallOptions,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = Deadline.in(this.#requestLimitMs).signal();
    try {
      return await call(signal === undefined ? limit : AbortSignal.any([limit, signal]));
    } catch (error) {
      throw new SitecarError("STORAGE_UNREADABLE", {
        message: `could not ${doing} in storage account ${this.account}.`,
        observations: [
          { label: "asked", value: this.#url },
          {
            label: "answer",
            value: limit.aborted ? `none within ${this.#requestLimitMs / 1000} s` : describeFailure(error),
          },
        ],
        remedy: "see whether storage runs and holds what was asked for; its output is in the run's folder.",
        cause: error,
      });
    }
  }
}

function describeFailure(error: unknown): string {
  if (!(error instanceof RestError)) return error instanceof Error ? error.message : String(error);
  if (error.statusCode === undefined) return `none: ${error.code ?? error.message}`;
  return `${error.statusCode} ${error.code ?? error.message}`;
}
