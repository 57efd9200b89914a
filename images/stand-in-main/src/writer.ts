import type { DaprClient } from "@dapr/dapr";
import type { StandInWrites } from "../../../harness/platform/stand-in/stand-in-protocol.ts";

/** Where the sidecar is; the official client reads the same variables. */
const SIDECAR_HOST = "127.0.0.1";
const SIDECAR_PORT = 3500;

/** Writes a blob through the sidecar for each tick. */
export class Writer {
  readonly #writes: StandInWrites;
  readonly #environment: NodeJS.ProcessEnv;
  readonly counts = { writes: 0, writesFailed: 0 };
  #client: Promise<DaprClient> | undefined;

  constructor(writes: StandInWrites, environment: NodeJS.ProcessEnv = process.env) {
    this.#writes = writes;
    this.#environment = environment;
  }

  /**
   * Makes the connection before the first write, for an app that does so before it listens.
   * @throws {Error} the client's own, after 30.7 s without a sidecar (daprd.md §5).
   */
  async connect(): Promise<void> {
    if (this.#writes.client === "sdk") await (await this.#sdk()).start();
    else await this.#plain("GET", "/v1.0/metadata");
  }

  async write(): Promise<void> {
    const { binding, client } = this.#writes;
    const time = new Date();
    const blobName = `tick_${time.getTime()}_${++this.counts.writes}.txt`;
    const data = time.toISOString();
    try {
      if (client === "sdk") await (await this.#sdk()).binding.send(binding, "create", data, { blobName });
      else {
        const body = JSON.stringify({ operation: "create", data, metadata: { blobName } });
        await this.#plain("POST", `/v1.0/bindings/${encodeURIComponent(binding)}`, body);
      }
    } catch (error) {
      this.counts.writesFailed++;
      throw error;
    }
  }

  /** The library is loaded when it is first needed: it takes most of a start. */
  #sdk(): Promise<DaprClient> {
    this.#client ??= this.#load();
    // A client that could not be made is no client: the next call makes another.
    this.#client.catch(() => (this.#client = undefined));
    return this.#client;
  }

  async #load(): Promise<DaprClient> {
    const { DaprClient } = await import("@dapr/dapr");
    return new DaprClient();
  }

  async #plain(method: string, path: string, body?: string): Promise<void> {
    const { DAPR_HTTP_PORT: port, DAPR_API_TOKEN: token } = this.#environment;
    const answer = await fetch(`http://${SIDECAR_HOST}:${port || SIDECAR_PORT}${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token ? { "dapr-api-token": token } : {}) },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status} ${text}`);
  }
}
