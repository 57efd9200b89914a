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
  export interface Compressor {
    write(fields: readonly HeaderField[]): void;
    read(): Buffer | null;
  }
  interface Options {
    readonly table: { readonly maxSize: number };
  }
  const hpack: {
    readonly decompressor: { create(options: Options): Decompressor };
    readonly compressor: { create(options: Options): Compressor };
  };
  export default hpack;
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
  interface Module {
    readonly __module: never;
  }
  const Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  interface Instance {
    readonly exports: unknown;
  }
  const Instance: new (
    module: Module,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => Instance;
}
