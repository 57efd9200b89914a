/** A call of an output binding, as the binding gets it. */
export interface Invocation {
  readonly operation: string;
  /** The call's data as Go marshals it again. */
  readonly data: Buffer;
  readonly metadata: ReadonlyMap<string, string>;
}

/** What a binding gives back; `undefined`: nothing, which is answered with 204. */
export interface InvocationResult {
  readonly data: string | Uint8Array;
  /** Each one a header `metadata.<key>`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An output binding of the twin. */
export interface OutputBinding {
  readonly operations: readonly string[];
  /** @throws {GoError} with what daprd says behind `error invoking output binding <name>: `. */
  invoke(invocation: Invocation): InvocationResult | undefined;
}
