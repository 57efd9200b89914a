import { spawn, type ChildProcess } from "node:child_process";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { Deadline, poll } from "../../../../harness/shared/clock.ts";
import type { Toxic } from "./toxics.ts";

export interface ToxiproxyOptions {
  readonly address: string;
  /** Of its interface. */
  readonly port: number;
  /** Default: the one on the PATH. */
  readonly program?: string;
  /** It has ended, and nobody asked it to. */
  readonly onEnd: (how: string) => void;
}

export interface Proxy {
  readonly name: string;
  /** `<address>:<port>`; upstream may be a name, resolved for each connection. */
  readonly listen: string;
  readonly upstream: string;
}

const UP_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 5_000;

/** A Toxiproxy of our own: its process, and its HTTP interface. */
export class Toxiproxy {
  readonly #options: ToxiproxyOptions;
  readonly #connections = new Agent({ keepAlive: true });
  #process: ChildProcess | undefined;
  #isUp = false;

  constructor(options: ToxiproxyOptions) {
    this.#options = options;
  }

  /** Starts it, and resolves when its interface answers. @throws {Error} when it ends, or does not answer in time. */
  async start(): Promise<void> {
    const { program = "toxiproxy", address, port } = this.#options;
    const child = spawn(program, ["-host", address, "-port", String(port)], {
      env: { ...process.env, LOG_LEVEL: "error" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = child;
    let lastWords = "";
    child.stderr.on("data", (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-500);
    });
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(`ended with ${signal ?? code}: ${lastWords.trim()}`));
    });
    const life = new AbortController();
    void this.#watch(child, ended, life);
    const outcome = await poll(() => this.#call("GET", "/version"), {
      deadline: Deadline.in(UP_WITHIN_MS),
      intervalMs: 3,
      signal: life.signal,
    });
    if (!outcome.met) throw new Error("toxiproxy did not answer", { cause: outcome.lastFailure });
    this.#isUp = true;
  }

  /** @param life aborted when the process ends, which ends the wait for its interface. */
  async #watch(child: ChildProcess, ended: Promise<string>, life: AbortController): Promise<void> {
    const how = await ended;
    if (this.#process !== child) return;
    const wasUp = this.#isUp;
    this.#process = undefined;
    this.#isUp = false;
    life.abort(new Error(`toxiproxy ${how}`));
    if (wasUp) this.#options.onEnd(how);
  }

  /** Ends it at once. */
  stop(): void {
    const child = this.#process;
    this.#process = undefined;
    child?.kill("SIGKILL");
    this.#connections.destroy();
  }

  /** They exist and do not listen. */
  async create(proxies: readonly Proxy[]): Promise<void> {
    await this.#call(
      "POST",
      "/populate",
      proxies.map((proxy) => ({ ...proxy, enabled: false })),
    );
  }

  /** Lets it listen; or ends that, and closes the connections that it has. */
  async enable(proxy: string, enabled: boolean): Promise<void> {
    await this.#call("PATCH", `/proxies/${proxy}`, { enabled });
  }

  /** In force for connections that exist, too. */
  async addToxic(proxy: string, toxic: Toxic): Promise<void> {
    await this.#call("POST", `/proxies/${proxy}/toxics`, { ...toxic, toxicity: 1 });
  }

  async removeToxic(proxy: string, { name }: Toxic): Promise<void> {
    await this.#call("DELETE", `/proxies/${proxy}/toxics/${name}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<true> {
    const { address: host, port } = this.#options;
    const signal = Deadline.in(ANSWER_WITHIN_MS).signal();
    const [status, said] = await new Promise<[number, string]>((resolve, reject) => {
      const asking = request({ host, port, method, path, agent: this.#connections, signal }, (answer) => {
        text(answer).then((words) => resolve([answer.statusCode ?? 0, words]), reject);
      });
      asking.once("error", reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
    if (status < 400) return true;
    throw new Error(`toxiproxy answered ${method} ${path} with ${status}: ${said.trim()}`);
  }
}
