import type {
  Exchange,
  ExchangeEnd,
  GrpcMessage,
  WireEnd,
  WireHeaders,
} from "../../../../harness/timeline/exchange.ts";
import type { MessageTypes } from "./message-types.ts";
import { GrpcMessages, type RawMessage } from "./grpc-messages.ts";
import { KeptBody } from "./kept-body.ts";
import type { SecretMask } from "./secret-mask.ts";

/** What all exchanges share. */
export interface ExchangeManner {
  /** So much of a body, or of a message, is kept. */
  readonly bodyLimitBytes: number;
  readonly mask: SecretMask;
  readonly types: MessageTypes;
}

export interface ExchangeIdentity {
  readonly id: number;
  readonly connection: number;
  readonly stream: number;
  readonly protocol: "http/1.1" | "http/2";
  readonly from: WireEnd;
  readonly to: WireEnd;
  /** All times of the wire are the kernel's wall time here, in milliseconds since the epoch. */
  readonly startMs: number;
}

type Side = "request" | "response";

/** Of each direction; a stream can have any number. */
const MOST_MESSAGES = 50;
/** gRPC knows trailers by this name; an answer that is nothing but a head has it there. */
const GRPC_STATUS = "grpc-status";

/** An exchange while it goes on. */
export class OpenExchange {
  readonly startMs: number;
  readonly stream: number;
  /** It was told that it goes on. */
  isTold = false;
  readonly #identity: ExchangeIdentity;
  readonly #manner: ExchangeManner;
  readonly #bodies: Readonly<Record<Side, KeptBody>>;
  readonly #messages: Readonly<Record<Side, { readonly cutter: GrpcMessages; readonly kept: RawMessage[] }>>;
  #furtherMessages = 0;
  #protocol: Exchange["protocol"];
  #request = { method: "", path: "", headers: [] as WireHeaders };
  #answer: { readonly status: number; readonly reason: string; readonly headers: WireHeaders } | undefined;
  #trailers: WireHeaders = [];
  #requestEndMs: number | undefined;
  #firstByteMs: number | undefined;
  #answerEndMs: number | undefined;
  #note: Omit<ExchangeEnd, "how"> = {};

  constructor(identity: ExchangeIdentity, manner: ExchangeManner) {
    const limit = manner.bodyLimitBytes;
    this.#identity = identity;
    this.#manner = manner;
    this.#protocol = identity.protocol;
    this.startMs = identity.startMs;
    this.stream = identity.stream;
    this.#bodies = { request: new KeptBody(limit), response: new KeptBody(limit) };
    this.#messages = {
      request: { cutter: new GrpcMessages(limit), kept: [] },
      response: { cutter: new GrpcMessages(limit), kept: [] },
    };
  }

  get method(): string {
    return this.#request.method;
  }

  get isGrpc(): boolean {
    return this.#protocol === "grpc";
  }

  get isRequestDone(): boolean {
    return this.#requestEndMs !== undefined;
  }

  get isAnswered(): boolean {
    return this.#answerEndMs !== undefined;
  }

  get hasAnswerHead(): boolean {
    return this.#answer !== undefined;
  }

  requestHead(method: string, path: string, headers: WireHeaders): void {
    this.#request = { method, path, headers };
    if (
      this.#protocol === "http/2" &&
      /^application\/grpc(?:$|[+;])/.test(valueOf(headers, "content-type") ?? "")
    ) {
      this.#protocol = "grpc";
      this.#bodies.request.dropBytes();
      this.#bodies.response.dropBytes();
    }
  }

  /** The connection is HTTP/2's from here on, and so is the answer. */
  upgradedToHttp2(): void {
    this.#protocol = "http/2";
  }

  body(side: Side, bytes: Buffer, wallMs: number): void {
    this.#bodies[side].add(bytes);
    if (this.#protocol !== "grpc") return;
    const headers = side === "request" ? this.#request.headers : (this.#answer?.headers ?? []);
    const { cutter, kept } = this.#messages[side];
    for (const message of cutter.push(bytes, wallMs, valueOf(headers, "grpc-encoding"))) {
      if (kept.length < MOST_MESSAGES) kept.push(message);
      else this.#furtherMessages++;
    }
  }

  /** So many of the body's bytes were not seen: zeros stand for them. */
  missing(side: Side, count: number): void {
    this.#bodies[side].missing(count);
  }

  requestEnded(wallMs: number): void {
    this.#requestEndMs ??= wallMs;
  }

  answerBegan(wallMs: number): void {
    this.#firstByteMs ??= wallMs;
  }

  answerHead(status: number, reason: string, headers: WireHeaders): void {
    this.#answer = { status, reason, headers };
  }

  trailers(headers: WireHeaders): void {
    if (headers.length > 0) this.#trailers = headers;
  }

  answerEnded(wallMs: number): void {
    this.#answerEndMs ??= wallMs;
  }

  /** What is known of an end that has not come yet. */
  note(note: Omit<ExchangeEnd, "how">): void {
    this.#note = note;
  }

  /** As it is now. */
  toJson(end: ExchangeEnd, endMs?: number): Exchange {
    const { startMs, ...identity } = this.#identity;
    const { mask } = this.#manner;
    const { method, path, headers } = this.#request;
    const ended = this.#answerEndMs ?? endMs;
    const answer = this.#answer;
    return {
      ...identity,
      protocol: this.#protocol,
      times: {
        startMs,
        ...optional("requestEndMs", this.#requestEndMs),
        ...optional("firstByteMs", this.#firstByteMs),
        ...optional("endMs", ended),
      },
      request: {
        method,
        path: mask.path(path),
        headers: mask.headers(headers),
        body: this.#bodies.request.toJson(valueOf(headers, "content-encoding"), mask),
      },
      ...(answer === undefined
        ? {}
        : {
            response: {
              status: answer.status,
              ...(answer.reason === "" ? {} : { reason: answer.reason }),
              headers: mask.headers(answer.headers),
              body: this.#bodies.response.toJson(valueOf(answer.headers, "content-encoding"), {
                text: (text) => mask.answer(path, text),
                bytes: (bytes) => mask.bytes(bytes),
              }),
              trailers: mask.headers(this.#trailers),
            },
          }),
      ...(this.#protocol === "grpc" ? { grpc: this.#grpc() } : {}),
      end: end.how === "open" ? { ...end, ...this.#note } : end,
    };
  }

  #grpc(): NonNullable<Exchange["grpc"]> {
    const { mask } = this.#manner;
    const [service = "", method = ""] = this.#request.path.replace(/^\//, "").split("/", 2);
    const told = [...this.#trailers, ...(this.#answer?.headers ?? [])];
    const status = valueOf(told, GRPC_STATUS);
    const message = valueOf(told, "grpc-message");
    const call = { service, method };
    return {
      ...call,
      requests: this.#messages.request.kept.map((one) => this.#message(call, "request", one)),
      responses: this.#messages.response.kept.map((one) => this.#message(call, "response", one)),
      ...optional("furtherMessages", this.#furtherMessages || undefined),
      ...optional("status", status === undefined ? undefined : Number(status)),
      ...optional("statusMessage", message === undefined ? undefined : mask.text(percentDecoded(message))),
    };
  }

  #message(
    call: { readonly service: string; readonly method: string },
    side: Side,
    { wallMs, size, bytes, truncated, opaque }: RawMessage,
  ): GrpcMessage {
    const { mask, types } = this.#manner;
    const decoded = truncated || opaque ? undefined : types.decode(call, side, bytes);
    const secret = side === "response" && /Secret$/.test(call.method);
    return {
      atMs: wallMs,
      size,
      ...optional("type", decoded?.type),
      ...(decoded?.json === undefined
        ? { base64: (secret ? Buffer.alloc(0) : mask.bytes(bytes)).toString("base64") }
        : { json: mask.json(decoded.json, { all: secret }) }),
      ...(truncated ? { truncated: true as const } : {}),
    };
  }
}

/** A header's first value. */
export function valueOf(headers: WireHeaders, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  const entry: Partial<Record<K, V>> = {};
  if (value !== undefined) entry[name] = value;
  return entry;
}
