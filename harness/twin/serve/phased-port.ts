import type { Server } from "node:net";

import type { DaprTwin } from "../dapr-twin.ts";
import { refuses } from "../phase.ts";
import { listen, portOf, type ListenOptions } from "./listen.ts";

/** A server that can be told to end. */
export interface PhasedServer {
  readonly server: Server;
  /** Takes nothing new and answers what is under way. */
  finish(): void;
  /** Ends everything. */
  cut(): Promise<void>;
}

/** A port that is open while the twin's phase has it open. */
export class PhasedPort implements AsyncDisposable {
  readonly #twin: DaprTwin;
  readonly #create: () => PhasedServer;
  #options: ListenOptions;
  #open: PhasedServer | undefined;
  #change: Promise<void> = Promise.resolve();
  #ended = false;

  private constructor(twin: DaprTwin, options: ListenOptions, create: () => PhasedServer) {
    this.#twin = twin;
    this.#options = options;
    this.#create = create;
  }

  /** @throws {SitecarError} PORT_TAKEN, USAGE for a port that this user may not open. */
  static async begin(
    twin: DaprTwin,
    options: ListenOptions,
    create: () => PhasedServer,
  ): Promise<PhasedPort> {
    const port = new PhasedPort(twin, options, create);
    // Opened in any phase, so that a free port is known and one that is taken is told at once.
    await port.#listen();
    await port.#follow();
    void port.#watch();
    return port;
  }

  get port(): number {
    return this.#options.port;
  }

  /** Resolves when it is open or closed as the phase has it. @throws {SitecarError} PORT_TAKEN */
  settled(): Promise<void> {
    this.#change = this.#change.catch(() => undefined).then(() => this.#follow());
    return this.#change;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.#change.catch(() => undefined);
    await this.#open?.cut();
    this.#open = undefined;
  }

  async #watch(): Promise<void> {
    while (!this.#ended) {
      await this.#twin.moved;
      if (this.#ended) return;
      // Who moved the twin hears of a port that can't be opened again when it asks.
      await this.settled().catch(() => undefined);
    }
  }

  async #follow(): Promise<void> {
    if (!refuses(this.#twin.phase)) await this.#listen();
    else {
      this.#open?.finish();
      this.#open = undefined;
    }
  }

  async #listen(): Promise<void> {
    if (this.#open !== undefined) return;
    const created = this.#create();
    await listen(created.server, this.#options);
    this.#options = { ...this.#options, port: portOf(created.server) };
    this.#open = created;
  }
}
