import { bindingRoute, type DaprComponent } from "../dapr/component-files.ts";
import type { SeenExchange } from "../wire/exchange.ts";
import { bytesOf } from "../wire/exchange.ts";
import type { Direction } from "./direction.ts";
import { splitPath } from "./compare.ts";
import { isObject } from "./value-rules.ts";

/** What an exchange is about, as far as Dapr's own ways tell. */
export interface Topic {
  readonly description: string;
  /** Sentences for whoever reads the contract. */
  readonly text: readonly string[];
  /** Tells apart what is sent to one path: a binding's operation. */
  readonly operation?: string;
  readonly tick?: { readonly binding: string; readonly schedule: string };
}

/** @param components those that the sidecar of this exchange has loaded. */
export function topicOf(
  { request }: Pick<SeenExchange, "request">,
  direction: Direction,
  components: readonly DaprComponent[],
): Topic {
  const { pathname } = splitPath(request.path);
  const plain: Topic = { description: `${request.method} ${pathname}`, text: [] };
  return direction === "sidecar-to-main"
    ? (askedByDaprd(request.method, pathname, components) ?? plain)
    : (askedByMain(request, pathname) ?? plain);
}

/** What daprd asks an app (daprd.md §1.1, §2). */
function askedByDaprd(
  method: string,
  pathname: string,
  components: readonly DaprComponent[],
): Topic | undefined {
  if (method === "GET" && pathname === "/dapr/config") {
    return {
      description: "daprd asks for the app's Dapr configuration",
      text: ["As soon as the app listens. An app without one answers 404, and nothing is missing."],
    };
  }
  if (method === "GET" && pathname === "/dapr/subscribe") {
    return {
      description: "daprd asks for the app's subscriptions",
      text: ["Only with a pub/sub component."],
    };
  }
  const component = components.find(
    (one) => one.type.startsWith("bindings.") && routeOf(one) === decoded(pathname),
  );
  if (component === undefined) return undefined;
  if (method === "OPTIONS") {
    return {
      description: `daprd asks whether the app takes the binding "${component.name}"`,
      text: [
        "Asked before the binding's first event, unless the component states `direction: input`.",
        "2xx and 405 mean yes. After any other answer the binding is silent for the life of the process.",
      ],
    };
  }
  if (method !== "POST") return undefined;
  const schedule = component.type === "bindings.cron" ? component.metadata["schedule"] : undefined;
  return schedule === undefined
    ? { description: `an event of the binding "${component.name}"`, text: [] }
    : {
        description: `a tick of the cron binding "${component.name}"`,
        text: [
          "The body is empty although its type is JSON.",
          "2xx is a success; anything else is a tick lost, which daprd logs at level debug and does not repeat.",
        ],
        tick: { binding: component.name, schedule },
      };
}

/** What an app asks daprd. */
function askedByMain(request: SeenExchange["request"], pathname: string): Topic | undefined {
  const binding = /^\/v1\.0\/bindings\/([^/]+)$/.exec(pathname)?.[1];
  if (binding !== undefined) {
    const operation = operationOf(request);
    return {
      description: `main asks the binding "${decoded(binding)}" for ${operation ?? "an operation"}`,
      text: [],
      ...(operation === undefined ? {} : { operation }),
    };
  }
  if (pathname === "/v1.0/metadata") {
    return {
      description: "main asks for the sidecar's metadata",
      text: ["Dapr's client library asks this before its first call, until it is answered 2xx."],
    };
  }
  if (pathname === "/v1.0/healthz" || pathname === "/v1.0/healthz/outbound") {
    return { description: `main asks for the sidecar's health at ${pathname}`, text: [] };
  }
  return undefined;
}

/** The operation that a call of an output binding names. */
export function operationOf({
  body,
}: {
  readonly body: SeenExchange["request"]["body"];
}): string | undefined {
  return operationIn(bytesOf(body));
}

export function operationIn(body: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isObject(value) && typeof value["operation"] === "string" ? value["operation"] : undefined;
  } catch {
    return undefined;
  }
}

function routeOf(component: DaprComponent): string {
  const route = bindingRoute(component);
  return splitPath(route.startsWith("/") ? route : `/${route}`).pathname;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
