import { createSocket, type RemoteInfo, type Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { decode, encode, AUTHORITATIVE_ANSWER, RECURSION_AVAILABLE, RECURSION_DESIRED } from "dns-packet";
import type { NameOutage } from "../../../../harness/platform/storage-failure.ts";
import { Deadline } from "../../../../harness/shared/clock.ts";

export interface NameServerOptions {
  readonly address: string;
  readonly port: number;
  /** Answered here, with {@link NameServerOptions.address}; compared without regard to case. */
  readonly names: readonly string[];
  /** Who is asked for everything else. */
  readonly upstream: { readonly address: string; readonly port: number };
}

/** What clients that keep names would keep them for, seconds: a minute, as Azure's own names. */
const TIME_TO_LIVE_SECONDS = 60;

/** No resolver waits for longer. */
const UPSTREAM_ANSWERS_WITHIN_MS = 30_000;

const SERVER_FAILED = 2;
const NO_SUCH_NAME = 3;
const MOST_BYTES = 1232;

/**
 * Answers the storage accounts' names, over UDP and TCP, and hands every other question to the name server that stood in
 * resolv.conf, byte for byte.
 */
export class NameServer {
  readonly #options: NameServerOptions;
  readonly #names: ReadonlySet<string>;
  readonly #datagrams: Datagrams = createSocket("udp4");
  readonly #server: Server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  /** What the accounts' names are answered with instead; `null`: their address. */
  outage: NameOutage["answer"] | null = null;

  constructor(options: NameServerOptions) {
    this.#options = options;
    this.#names = new Set(options.names.map((name) => name.toLowerCase()));
    this.#datagrams.on("message", (query, from) => this.#datagram(query, from));
  }

  /** @param onError told of what befalls it later. @throws {Error} EADDRINUSE and the like. */
  async listen(onError: (error: Error) => void): Promise<void> {
    const { address, port } = this.#options;
    this.#datagrams.bind(port, address);
    this.#server.listen(port, address);
    await Promise.all([once(this.#datagrams, "listening"), once(this.#server, "listening")]);
    this.#datagrams.on("error", onError);
    this.#server.on("error", onError);
  }

  /** Where it listens over UDP and over TCP, where the configuration says "any". */
  get ports(): { readonly udp: number; readonly tcp: number } {
    const tcp = this.#server.address();
    return {
      udp: this.#datagrams.address().port,
      tcp: tcp === null || typeof tcp === "string" ? 0 : tcp.port,
    };
  }

  close(): void {
    this.#datagrams.close();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #datagram(query: Buffer, { address, port }: RemoteInfo): void {
    const answer = this.#answer(query);
    if (answer === "not ours") this.#forward(query, (reply) => this.#datagrams.send(reply, port, address));
    else if (answer !== "silence") this.#datagrams.send(answer, port, address);
  }

  /** A socket for each question: replies can't be mixed up, and a late one finds nobody. */
  #forward(query: Buffer, reply: (answer: Buffer) => void): void {
    const { address, port } = this.#options.upstream;
    const asking = createSocket("udp4");
    const timeout = Deadline.in(UPSTREAM_ANSWERS_WITHIN_MS).signal();
    const end = (): void => {
      timeout.removeEventListener("abort", end);
      asking.close();
    };
    timeout.addEventListener("abort", end, { once: true });
    asking.once("message", (answer) => {
      end();
      reply(answer);
    });
    asking.once("error", end);
    asking.connect(port, address, () => asking.send(query));
  }

  /** Questions over TCP have their length before them, and may follow each other. */
  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    let upstream: Socket | undefined;
    socket.once("close", () => {
      this.#sockets.delete(socket);
      upstream?.destroy();
    });
    let rest: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE()) {
        const end = 2 + rest.readUInt16BE();
        const framed = rest.subarray(0, end);
        rest = rest.subarray(end);
        const answer = this.#answer(framed.subarray(2));
        if (answer === "silence") continue;
        if (answer !== "not ours") socket.write(withLength(answer));
        else (upstream ??= this.#upstreamOf(socket)).write(framed);
      }
    });
    socket.once("end", () => (upstream === undefined ? socket.end() : upstream.end()));
  }

  #upstreamOf(socket: Socket): Socket {
    const upstream = connect(this.#options.upstream.port, this.#options.upstream.address);
    upstream.on("error", () => socket.destroy());
    upstream.pipe(socket);
    return upstream;
  }

  #answer(query: Buffer): Buffer | "silence" | "not ours" {
    let asked: ReturnType<typeof decode>;
    try {
      asked = decode(query);
    } catch {
      return "not ours"; // The one that it goes to knows best what to say to it.
    }
    const [question] = asked.questions ?? [];
    if (question === undefined || !this.#names.has(question.name.toLowerCase())) return "not ours";
    if (this.outage === "none") return "silence";
    const code = this.outage === "nxdomain" ? NO_SUCH_NAME : this.outage === "servfail" ? SERVER_FAILED : 0;
    const hasAddress = code === 0 && question.type === "A";
    return encode({
      type: "response",
      id: asked.id ?? 0,
      // The lowest four bits of a response's flags are its code.
      flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | ((asked.flags ?? 0) & RECURSION_DESIRED) | code,
      questions: [question],
      // Any other type of record: the name is there and has none of it.
      answers: hasAddress
        ? [{ type: "A", name: question.name, ttl: TIME_TO_LIVE_SECONDS, data: this.#options.address }]
        : [],
      additionals: asked.additionals?.some(({ type }) => type === "OPT")
        ? [
            {
              type: "OPT",
              name: ".",
              udpPayloadSize: MOST_BYTES,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ]
        : [],
    });
  }
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
