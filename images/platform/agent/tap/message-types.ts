import protobuf, { type INamespace, type Type } from "protobufjs/light.js";

/** A message's type, and what it says. */
export interface DecodedMessage {
  readonly type: string;
  /** Absent: the bytes are no message of this type. */
  readonly json?: unknown;
}

/** Reads the messages of services whose descriptions are known: Dapr's own. */
export class MessageTypes {
  readonly #root: protobuf.Root | undefined;
  readonly #types = new Map<string, Type | null>();

  /** @param descriptions as protobufjs writes them; absent: no service is known. */
  constructor(descriptions?: INamespace) {
    this.#root = descriptions === undefined ? undefined : protobuf.Root.fromJSON(descriptions);
  }

  /** @param service with its package, for example `dapr.proto.runtime.v1.Dapr` */
  decode(
    { service, method }: { readonly service: string; readonly method: string },
    direction: "request" | "response",
    bytes: Buffer,
  ): DecodedMessage | undefined {
    const type = this.#typeOf(service, method, direction);
    if (type === null) return undefined;
    const name = type.fullName.slice(1);
    try {
      // 64-bit numbers and enumerations are strings in protobuf's JSON form; a field that is not there has its default.
      const json: unknown = type.toObject(type.decode(bytes), {
        longs: String,
        enums: String,
        bytes: String,
      });
      return { type: name, json };
    } catch {
      return { type: name };
    }
  }

  #typeOf(service: string, method: string, direction: "request" | "response"): Type | null {
    const key = `${service}/${method} ${direction}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    const type = this.#lookUp(service, method, direction);
    this.#types.set(key, type);
    return type;
  }

  #lookUp(service: string, method: string, direction: "request" | "response"): Type | null {
    const found = this.#root?.lookup(service);
    if (!(found instanceof protobuf.Service)) return null;
    const described = found.methods[method];
    if (described === undefined) return null;
    const { parent } = described;
    const name = direction === "request" ? described.requestType : described.responseType;
    return parent === null ? null : parent.lookupType(name);
  }
}
