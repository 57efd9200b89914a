import llhttpWasm from "undici/lib/llhttp/llhttp-wasm.js";
import type { WireHeaders } from "../../../../harness/timeline/exchange.ts";

/** A message's head. */
export interface MessageHead {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: WireHeaders;
}

/** What is told of the messages of one direction, in their order. */
export interface MessageListener {
  begin(): void;
  /** `no-body`: no body follows, whatever the head says, as for the answer to HEAD. */
  head(head: MessageHead): "no-body" | undefined;
  body(bytes: Buffer): void;
  /** The message is whole. */
  end(trailers: WireHeaders): void;
}

/** `upgraded`: what follows in `rest` is another protocol's, if the other side agrees. */
export type Reading =
  | { readonly state: "reading" }
  | { readonly state: "upgraded"; readonly rest: Buffer }
  | { readonly state: "failed"; readonly reason: string; readonly rest: Buffer };

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(size: number): number;
  free(at: number): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_resume_after_upgrade(parser: number): void;
  llhttp_get_method(parser: number): number;
  llhttp_method_name(method: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
}

const TYPES = { request: 1, response: 2 } as const;
const OK = 0;
const PAUSED_UPGRADE = 22;
const SKIP_BODY = 1;
const PIECE_BYTES = 1 << 16;

const readers = new Map<number, HttpMessages>();
let instance: { readonly exports: Exports } | undefined;

/** Reads the HTTP/1.1 messages of one direction of a connection, strictly as Node does: with Node's own parser. */
export class HttpMessages {
  readonly #parser: number;
  readonly #listener: MessageListener;
  #path = "";
  #reason = "";
  #fields: [string, string][] = [];
  #inValue = false;
  #isInBody = false;

  constructor(type: keyof typeof TYPES, listener: MessageListener) {
    this.#listener = listener;
    this.#parser = wasm().exports.llhttp_alloc(TYPES[type]);
    readers.set(this.#parser, this);
  }

  /** A reader that is not closed keeps its memory. */
  close(): void {
    if (readers.delete(this.#parser)) wasm().exports.llhttp_free(this.#parser);
  }

  /** What it tells may make another reader read. */
  read(bytes: Buffer): Reading {
    for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
      const reading = this.#readPiece(bytes.subarray(offset, offset + PIECE_BYTES));
      if (reading.state === "reading") continue;
      return { ...reading, rest: Buffer.concat([reading.rest, bytes.subarray(offset + PIECE_BYTES)]) };
    }
    return { state: "reading" };
  }

  #readPiece(piece: Buffer): Reading {
    const { exports } = wasm();
    const at = exports.malloc(piece.length);
    try {
      memory().set(piece, at);
      const code = exports.llhttp_execute(this.#parser, at, piece.length);
      if (code === OK) return { state: "reading" };
      const rest = piece.subarray(exports.llhttp_get_error_pos(this.#parser) - at);
      return code === PAUSED_UPGRADE
        ? { state: "upgraded", rest }
        : { state: "failed", reason: this.#whyFailed(code), rest };
    } finally {
      exports.free(at);
    }
  }

  /** The other side did not agree: what follows is HTTP/1.1 as before. */
  resume(): void {
    wasm().exports.llhttp_resume_after_upgrade(this.#parser);
  }

  /** The sender has ended, which can be the end of a body. */
  finish(): Reading {
    const code = wasm().exports.llhttp_finish(this.#parser);
    return code === OK
      ? { state: "reading" }
      : { state: "failed", reason: this.#whyFailed(code), rest: Buffer.alloc(0) };
  }

  onBegin(): void {
    this.#path = "";
    this.#reason = "";
    this.#fields = [];
    this.#inValue = false;
    this.#isInBody = false;
    this.#listener.begin();
  }

  onPath(text: string): void {
    this.#path += text;
  }

  onReason(text: string): void {
    this.#reason += text;
  }

  /** Names and values come in pieces where the bytes do. */
  onField(text: string): void {
    const last = this.#fields.at(-1);
    if (last === undefined || this.#inValue) this.#fields.push([text, ""]);
    else last[0] += text;
    this.#inValue = false;
  }

  onValue(text: string): void {
    const last = this.#fields.at(-1);
    if (last !== undefined) last[1] += text;
    this.#inValue = true;
  }

  onHead(status: number): number {
    const { exports } = wasm();
    const method =
      status === 0 ? text(exports.llhttp_method_name(exports.llhttp_get_method(this.#parser))) : "";
    const headers = this.#fields;
    this.#fields = [];
    this.#inValue = false;
    this.#isInBody = true;
    const head = { method, path: this.#path, status, reason: this.#reason, headers };
    return this.#listener.head(head) === "no-body" ? SKIP_BODY : OK;
  }

  onBody(bytes: Buffer): void {
    this.#listener.body(bytes);
  }

  onEnd(): void {
    this.#listener.end(this.#isInBody ? this.#fields : []);
    this.#isInBody = false;
  }

  #whyFailed(code: number): string {
    return text(wasm().exports.llhttp_get_error_reason(this.#parser)) || `error ${code} of the parser`;
  }
}

function wasm(): NonNullable<typeof instance> {
  if (instance !== undefined) return instance;
  const of = (parser: number): HttpMessages => {
    const reader = readers.get(parser);
    if (reader === undefined) throw new TypeError("unreachable: a parser without a reader");
    return reader;
  };
  const part = (at: number, length: number): Buffer => Buffer.from(memory().subarray(at, at + length));
  const latin1 = (at: number, length: number): string => part(at, length).toString("latin1");
  const said = (tell: () => void): number => {
    tell();
    return OK;
  };
  const module = new WebAssembly.Module(llhttpWasm);
  const { exports: untyped } = new WebAssembly.Instance(module, {
    env: {
      wasm_on_message_begin: (parser: number) => said(() => of(parser).onBegin()),
      wasm_on_url: (parser: number, at: number, length: number) =>
        said(() => of(parser).onPath(latin1(at, length))),
      wasm_on_status: (parser: number, at: number, length: number) =>
        said(() => of(parser).onReason(latin1(at, length))),
      wasm_on_header_field: (parser: number, at: number, length: number) =>
        said(() => of(parser).onField(latin1(at, length))),
      wasm_on_header_value: (parser: number, at: number, length: number) =>
        said(() => of(parser).onValue(latin1(at, length))),
      wasm_on_headers_complete: (parser: number, status: number) => of(parser).onHead(status),
      wasm_on_body: (parser: number, at: number, length: number) =>
        said(() => of(parser).onBody(part(at, length))),
      wasm_on_message_complete: (parser: number) => said(() => of(parser).onEnd()),
    },
  });
  const exports = untyped as Exports;
  exports._initialize();
  instance = { exports };
  return instance;
}

/** Taken anew each time: it is another one once it has grown. */
function memory(): Uint8Array {
  return new Uint8Array(wasm().exports.memory.buffer);
}

/** A text that ends with a zero. */
function text(at: number): string {
  if (at === 0) return "";
  const bytes = memory();
  return Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString("latin1");
}
