import { lock, publish, unimplemented, withoutComponents } from "./api/absent.ts";
import { invokeBinding } from "./api/bindings.ts";
import type { ApiHandler } from "./api/call.ts";
import { health, outboundHealth } from "./api/health.ts";
import { getMetadata, putMetadata, shutdown } from "./api/metadata.ts";
import { deleteJob, getJob, noPlacement, noPlacementAfterBody, scheduleJob } from "./api/runtime-services.ts";
import { getSecret, getSecrets } from "./api/secrets.ts";
import { deleteState, getBulkState, getState, saveState } from "./api/state.ts";
import { queryState } from "./api/state-query.ts";
import { transact } from "./api/state-transaction.ts";
import { queryUnescape } from "./go/path.ts";

interface Route {
  readonly methods: readonly string[];
  /** Parts of the path; `{name}` is a parameter, a last `*` all that is left. */
  readonly parts: readonly string[];
  readonly handler: ApiHandler;
}

export interface MatchedRoute {
  readonly handler: ApiHandler;
  /** `undefined`: a part can't be unescaped. */
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

const STABLE = ["v1.0"];
const ALPHA = ["v1.0-alpha1"];
const WORKFLOW = ["v1.0", "v1.0-beta1", "v1.0-alpha1"];
const WRITE = ["POST", "PUT"];

const configuration = withoutComponents("configuration", "configurationNotConfigured");
const crypto = withoutComponents("crypto", "cryptoNotConfigured");
const conversation = withoutComponents("conversation", "conversationNotFound");

/** daprd's HTTP API (`pkg/api/http`). Of two that match, the first counts. */
const ROUTES: readonly Route[] = [
  ...routes(STABLE, ["GET"], "healthz", health),
  ...routes(STABLE, ["GET"], "healthz/outbound", outboundHealth),
  ...routes(STABLE, ["GET"], "metadata", getMetadata),
  ...routes(STABLE, ["PUT"], "metadata/{key}", putMetadata),
  ...routes(STABLE, ["POST"], "shutdown", shutdown),
  ...routes(STABLE, WRITE, "bindings/{name}", invokeBinding),

  ...routes(STABLE, ["GET"], "secrets/{store}/bulk", getSecrets),
  ...routes(STABLE, ["GET"], "secrets/{store}/{key}", getSecret),
  ...routes(STABLE, WRITE, "state/{store}/bulk", getBulkState),
  ...routes(STABLE, WRITE, "state/{store}/transaction", transact),
  ...routes(ALPHA, WRITE, "state/{store}/query", queryState),
  ...routes(STABLE, ["GET"], "state/{store}/{key}", getState),
  ...routes(STABLE, ["DELETE"], "state/{store}/{key}", deleteState),
  ...routes(STABLE, WRITE, "state/{store}", saveState),

  ...routes([...STABLE, ...ALPHA], ["GET"], "configuration/{name}", configuration),
  ...routes([...STABLE, ...ALPHA], ["GET"], "configuration/{name}/subscribe", configuration),
  ...routes([...STABLE, ...ALPHA], ["GET"], "configuration/{name}/{id}/unsubscribe", configuration),
  ...routes(ALPHA, ["POST"], "lock/{name}", lock),
  ...routes(ALPHA, ["POST"], "unlock/{name}", withoutComponents("lock", "lockNotConfigured")),
  ...routes(ALPHA, ["PUT"], "crypto/{name}/encrypt", crypto),
  ...routes(ALPHA, ["PUT"], "crypto/{name}/decrypt", crypto),
  ...["getkey", "encrypt", "decrypt", "wrapkey", "unwrapkey", "sign", "verify"].flatMap((operation) =>
    routes(ALPHA, ["POST"], `subtlecrypto/{name}/${operation}`, unimplemented),
  ),
  ...routes(["v1.0-alpha1", "v1.0-alpha2"], ["POST"], "conversation/{name}/converse", conversation),
  ...routes([...STABLE, ...ALPHA], WRITE, "publish/bulk/{name}/*", publish),
  ...routes(STABLE, WRITE, "publish/{name}/*", publish),

  ...routes(STABLE, ["GET", "POST", "PUT", "DELETE"], "actors/{type}/{id}/method/{method}", noPlacement),
  ...routes(STABLE, WRITE, "actors/{type}/{id}/state", noPlacementAfterBody),
  ...routes(STABLE, ["GET"], "actors/{type}/{id}/state/{key}", noPlacement),
  ...routes(STABLE, WRITE, "actors/{type}/{id}/reminders/{name}", noPlacementAfterBody),
  ...routes(STABLE, ["GET", "DELETE"], "actors/{type}/{id}/reminders/{name}", noPlacement),
  ...routes(STABLE, WRITE, "actors/{type}/{id}/timers/{name}", noPlacementAfterBody),
  ...routes(STABLE, ["DELETE"], "actors/{type}/{id}/timers/{name}", noPlacement),

  ...routes(WORKFLOW, ["GET"], "workflows/{component}/{id}", noPlacement),
  ...["start", "pause", "resume", "terminate", "purge", "raiseEvent/{event}"].flatMap((action) =>
    routes(WORKFLOW, ["POST"], `workflows/{component}/{id}/${action}`, noPlacement),
  ),

  ...routes([...STABLE, ...ALPHA], ["POST"], "jobs/{name}", scheduleJob),
  ...routes([...STABLE, ...ALPHA], ["GET"], "jobs/{name}", getJob),
  ...routes([...STABLE, ...ALPHA], ["DELETE"], "jobs/{name}", deleteJob),
];

function routes(
  versions: readonly string[],
  methods: readonly string[],
  path: string,
  handler: ApiHandler,
): Route[] {
  return versions.map((version) => ({ methods, parts: [version, ...path.split("/")], handler }));
}

/** @param path escaped and cleaned. */
export function matchRoute(method: string, path: string): MatchedRoute | undefined {
  const parts = path.slice(1).split("/");
  for (const route of ROUTES) {
    if (!route.methods.includes(method)) continue;
    const found = matchParts(route.parts, parts);
    if (found === undefined) continue;
    const unescaped = Object.entries(found).map(([name, value]) => [name, queryUnescape(value)] as const);
    return {
      handler: route.handler,
      parameters: unescaped.every(isUnescaped) ? Object.fromEntries(unescaped) : undefined,
    };
  }
  return undefined;
}

function isUnescaped(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined;
}

function matchParts(wanted: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const isOpen = wanted.at(-1) === "*";
  if (isOpen ? parts.length < wanted.length : parts.length !== wanted.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const part = parts[index] ?? "";
    if (want === "*") return found;
    const name = /^\{(?<name>\w+)\}$/.exec(want)?.groups?.["name"];
    if (name === undefined ? want !== part : part === "") return undefined;
    if (name !== undefined) found[name] = part;
  }
  return found;
}
