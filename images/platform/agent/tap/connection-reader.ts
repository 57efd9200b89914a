import type { Exchange, ExchangeEnd, TapGap, WireEnd } from "../../../../harness/timeline/exchange.ts";
import type { OpenExchange } from "./open-exchange.ts";

/** `from`: what the client sent. */
export type Side = "from" | "to";

/** How a connection's reader is told of it, in the order of the wire. */
export interface ConnectionReader {
  bytes(side: Side, bytes: Buffer, wallMs: number): void;
  /** So many bytes of this side are missing here. */
  missing(side: Side, count: number, wallMs: number): void;
  /** This side sends nothing more. */
  finished(side: Side, wallMs: number): void;
  /** Nothing more comes; what is still open ends so. */
  end(how: ExchangeEnd, wallMs: number): void;
  readonly open: Iterable<OpenExchange>;
  /** Frees what it holds. */
  close(): void;
}

/** What a reader makes of its connection. */
export interface ConnectionHost {
  readonly connection: number;
  readonly from: WireEnd;
  readonly to: WireEnd;
  begin(stream: number, protocol: "http/1.1" | "http/2", startMs: number): OpenExchange;
  ended(exchange: OpenExchange, end: ExchangeEnd, wallMs: number): void;
  gap(gap: Pick<TapGap, "reason" | "detail" | "bytes">, wallMs: number): void;
  /** Its bytes can't be read from here on; an HTTP/1.1 request that begins later is found again where `resumes`. */
  lost(how: { readonly resumes: boolean }): void;
  /** It speaks HTTP/2 from here on, as agreed; the answer to `first` is the first stream's. */
  upgraded(first: OpenExchange): ConnectionReader;
}

/** What comes out of the tap, without the wall clock's times made the run's. */
export interface WireSink {
  exchange(exchange: Exchange): void;
  open(exchange: Exchange): void;
  gap(gap: TapGap, wallMs: number): void;
}
