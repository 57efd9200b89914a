import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { once } from "node:events";

/** What stands at the beginning of a request: method and path with query, for example `POST /containers/create?name=…`. */
type RequestLine = string;

/** A refusal in the engine's own form. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * A socket in front of the real engine: hands everything through, until it is told to cut all connections (and answers
 * no more) or to answer some requests itself.
 */
export class EngineProxy implements AsyncDisposable {
  readonly #directory: string;
  readonly #engineSocket: string;
  readonly #refusals: ((line: RequestLine) => Refusal | undefined)[] = [];
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(directory: string, engineSocket: string) {
    this.#directory = directory;
    this.#engineSocket = engineSocket;
  }

  /** @param dockerHost of the real engine; it has to be a `unix://` address. */
  static async inFrontOf(dockerHost: string | undefined): Promise<EngineProxy> {
    if (dockerHost?.startsWith("unix://") !== true)
      throw new Error(`the scenario cuts a unix socket, and the engine is at ${dockerHost}`);
    const directory = await mkdtemp(path.join(tmpdir(), "sitecar-engine-"));
    const proxy = new EngineProxy(directory, dockerHost.slice("unix://".length));
    await proxy.open();
    return proxy;
  }

  /** For `DOCKER_HOST`. */
  get dockerHost(): string {
    return `unix://${this.#path}`;
  }

  /** From now on the requests for which `refusal` gives one are answered with it and never reach the engine. */
  refuse(refusal: (line: RequestLine) => Refusal | undefined): void {
    this.#refusals.push(refusal);
  }

  /** Answers (again). */
  async open(): Promise<void> {
    this.#server = createServer((client) => this.#handThrough(client));
    this.#server.listen(this.#path);
    await once(this.#server, "listening");
  }

  /** Every connection ends at once, and nobody answers any more: the engine as seen from here has died. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.close();
    for (const socket of this.#sockets) socket.destroy();
    if (server?.listening === true) await once(server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #path(): string {
    return path.join(this.#directory, "docker.sock");
  }

  #handThrough(client: Socket): void {
    const engine = connect(this.#engineSocket);
    for (const socket of [client, engine]) {
      this.#sockets.add(socket);
      // Either end's failure is the other's end; what the harness makes of it is what the scenario looks at.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
    engine.pipe(client);
    // Node's client writes a request's head in one piece, so that a request line begins a chunk.
    client.on("data", (chunk: Buffer) => {
      const line = chunk.toString("latin1").split(" HTTP/1.1\r\n", 1)[0] ?? "";
      const refusal = this.#refusals.map((refuse) => refuse(line)).find((one) => one !== undefined);
      if (refusal === undefined) {
        engine.write(chunk);
        return;
      }
      const body = JSON.stringify({ message: refusal.message });
      engine.unpipe(client);
      client.end(
        `HTTP/1.1 ${refusal.status} Refused\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
    client.on("end", () => engine.end());
  }
}
