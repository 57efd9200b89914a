/** The parts that are used of packages that come without types. */

declare module "hpack.js" {
  export interface HeaderField {
    readonly name: string;
    readonly value: string;
  }
  /** Reads header blocks one after the other; throws what it can't read as an `error` event, within {@link execute}. */
  export interface Decompressor {
    write(block: Buffer): void;
    execute(): void;
    read(): HeaderField | null;
    on(event: "error", listener: (error: Error) => void): void;
  }
  export const decompressor: {
    create(options: { readonly table: { readonly maxSize: number } }): Decompressor;
  };
  export interface Compressor {
    write(fields: readonly HeaderField[]): void;
    read(): Buffer | null;
  }
  export const compressor: {
    create(options: { readonly table: { readonly maxSize: number } }): Compressor;
  };
}

/** Node's own HTTP/1.1 parser, llhttp, as WebAssembly. */
declare module "undici/lib/llhttp/llhttp-wasm.js" {
  const bytes: Buffer<ArrayBuffer>;
  export = bytes;
}

/** Of the language's own, which `lib` only has together with a browser's. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    readonly exports: unknown;
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  }
}
