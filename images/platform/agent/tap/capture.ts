import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createSocket } from "node:dgram";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { randomBytes } from "node:crypto";
import type { Datagram } from "./segment.ts";

/** Where the tap's own marks go to: nobody listens there, and nobody needs to. Below the ports that the kernel chooses from. */
const MARK = { address: "127.0.0.1", port: 25_476 };
const MARK_BYTES = 16;
/**
 * The kernel hands packets over in blocks of 256 KiB, one that is not full after a second. These fill one, so that what came
 * before them is handed over at once.
 */
const FILLERS = 5;
const FILLER_BYTES = 60_000;
/** Of the kernel's, for what is not taken at once. */
const BUFFER_KIB = 8192;

export interface CaptureOptions {
  /** Packets to or from them are not captured. */
  readonly exceptAddresses: readonly string[];
  readonly onData: (chunk: Buffer) => void;
  /** So many packets more were dropped by the kernel. */
  readonly onDropped: (packets: number) => void;
  /** It has ended, and nobody asked it to. */
  readonly onEnd: (how: string) => void;
  /** Default: the one on the PATH. */
  readonly program?: string;
}

/** Reads the packets of the namespace's loopback: tcpdump, which does nothing but that. */
export class Capture {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #options: CaptureOptions;
  readonly #began = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #marks = new Map<string, () => void>();
  #statistics: (() => void)[] = [];
  #dropped = 0;
  #isAsked = false;
  #lastWords = "";

  constructor(options: CaptureOptions) {
    this.#options = options;
    const { program = "tcpdump", onData, exceptAddresses } = options;
    const marks = `(udp and dst host ${MARK.address} and dst port ${MARK.port})`;
    const tcp = ["tcp", ...exceptAddresses.map((address) => `not host ${address}`)].join(" and ");
    this.#child = spawn(
      program,
      // As root still: there is nobody else in the container, and it has no capability beyond those it needs.
      ["-i", "lo", "-n", "-Z", "root", "-B", String(BUFFER_KIB), "-U", "-w", "-", `(${tcp}) or ${marks}`],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#child.stdout.on("data", onData);
    createInterface({ input: this.#child.stderr }).on("line", (line) => this.#said(line));
    this.#child.once("error", (error) => this.#ended(error.message));
    this.#child.once("close", (code, signal) =>
      this.#ended(`ended with ${signal ?? code}: ${this.#lastWords}`),
    );
    this.#began.promise.catch(() => undefined);
  }

  /** Resolves when packets are captured. @throws {Error} when it ends first. */
  async began(): Promise<void> {
    await this.#began.promise;
  }

  /** A datagram of the capture: one of the tap's own. */
  datagram({ port, payload }: Datagram): void {
    if (port === MARK.port && payload.length === MARK_BYTES) this.#marks.get(payload.toString("hex"))?.();
  }

  /** Resolves when everything that was on the wire before the call has been handed out. */
  async flush(again: () => Promise<void>): Promise<void> {
    const mark = randomBytes(MARK_BYTES);
    const seen = Promise.withResolvers<"seen">();
    const key = mark.toString("hex");
    this.#marks.set(key, () => seen.resolve("seen"));
    try {
      for (;;) {
        await send([mark, ...Array.from({ length: FILLERS }, () => Buffer.alloc(FILLER_BYTES))]);
        // One that was dropped is sent again.
        if ((await Promise.race([seen.promise, again(), this.#closed.promise])) === "seen") break;
        if (this.#isClosed) return;
      }
    } finally {
      this.#marks.delete(key);
    }
  }

  /** How many packets were dropped so far is told with `onDropped` before this resolves. */
  async askForDropped(): Promise<void> {
    if (this.#isClosed) return;
    const answered = Promise.withResolvers<void>();
    this.#statistics.push(answered.resolve);
    this.#child.kill("SIGUSR1");
    await Promise.race([answered.promise, this.#closed.promise]);
  }

  /** Resolves when it has ended. */
  async end(): Promise<void> {
    this.#isAsked = true;
    this.#child.kill("SIGINT");
    await this.#closed.promise;
  }

  #isClosed = false;

  #said(line: string): void {
    if (line.includes("listening on")) {
      this.#began.resolve();
      return;
    }
    const dropped = /(\d+) packets? dropped by kernel/.exec(line)?.[1];
    if (dropped === undefined) {
      this.#lastWords = line;
      return;
    }
    const more = Number(dropped) - this.#dropped;
    this.#dropped = Number(dropped);
    if (more > 0) this.#options.onDropped(more);
    for (const answered of this.#statistics.splice(0)) answered();
  }

  #ended(how: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#began.reject(new Error(`tcpdump ${how}`));
    this.#closed.resolve();
    if (!this.#isAsked) this.#options.onEnd(`tcpdump ${how}`);
  }
}

async function send(datagrams: readonly Buffer[]): Promise<void> {
  const socket = createSocket("udp4");
  // The kernel tells that nobody listens there.
  socket.on("error", () => undefined);
  try {
    for (const datagram of datagrams) {
      await new Promise<void>((resolve) => socket.send(datagram, MARK.port, MARK.address, () => resolve()));
    }
  } finally {
    socket.close();
  }
}
