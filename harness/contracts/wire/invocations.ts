import { bytesOf, type SeenExchange } from "../../wire/exchange.ts";
import { hasEnded, isSuccess, pathOf } from "./exchanges.ts";

/** A call of one of daprd's output bindings, as the wire has it. */
export interface Invocation {
  readonly exchange: SeenExchange;
  readonly component: string;
  /** Absent: the body was too long for the tap, or is not what daprd takes. */
  readonly operation?: string;
  /** The blob that it names, or that daprd named in its answer. */
  readonly blob?: string;
  /** Absent: it had no end, or the tap did not see it. */
  readonly success?: boolean;
}

const BINDINGS = /^\/v1\.0\/bindings\/([^/]+)$/;

/** What an exchange calls of a sidecar's bindings; `undefined`: it calls none. */
export function invocationOf(exchange: SeenExchange, sidecars: readonly string[]): Invocation | undefined {
  const { to, request, response, grpc } = exchange;
  if (to.container !== undefined && !sidecars.includes(to.container)) return undefined;
  const told = hasEnded(exchange) ? { success: isSuccess(exchange) } : {};
  if (grpc !== undefined) {
    if (grpc.method !== "InvokeBinding" || !grpc.service.endsWith(".Dapr")) return undefined;
    const asked = objectOf(grpc.requests[0]?.json);
    const component = textOf(asked?.["name"]);
    if (component === undefined) return undefined;
    const answer = objectOf(grpc.responses[0]?.json);
    const data = textOf(answer?.["data"]);
    const answered = data === undefined ? undefined : parse(Buffer.from(data, "base64").toString());
    return { exchange, component, ...detailsOf(asked, answered), ...told };
  }
  const name = BINDINGS.exec(pathOf(exchange))?.[1];
  if (name === undefined || !["POST", "PUT"].includes(request.method)) return undefined;
  const asked = parse(bytesOf(request.body).toString());
  const answered = response === undefined ? undefined : parse(bytesOf(response.body).toString());
  return { exchange, component: name, ...detailsOf(asked, answered), ...told };
}

type Fields = Readonly<Record<string, unknown>>;

function detailsOf(
  asked: Fields | undefined,
  answered: Fields | undefined,
): Pick<Invocation, "operation" | "blob"> {
  const operation = textOf(asked?.["operation"]);
  const blob = textOf(objectOf(asked?.["metadata"])?.["blobName"]) ?? textOf(answered?.["blobName"]);
  return {
    ...(operation === undefined ? {} : { operation }),
    ...(blob === undefined ? {} : { blob }),
  };
}

function parse(text: string): Fields | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Fields | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
