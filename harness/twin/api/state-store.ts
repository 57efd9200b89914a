import { errorAnswer, type TwinAnswer } from "../answer.ts";
import { notCovered } from "../not-covered.ts";
import { storedKey } from "../state/state-key.ts";
import type { MemoryStore } from "../state/memory-store.ts";
import type { ApiCall } from "./call.ts";

/** The store that a call names, or why there is none. */
export type FoundStore = { readonly store: MemoryStore; readonly name: string } | TwinAnswer;

/** @param info metadata of the refusal's ErrorInfo; most of daprd's handlers name the app. */
export function stateStoreOf(
  { sidecar, parameters }: ApiCall,
  info: Readonly<Record<string, string>> | null = { appID: sidecar.appId },
): FoundStore {
  const { errors } = sidecar.facts;
  const name = parameters["store"] ?? "";
  const stores = sidecar.components.ofKind("state");
  const parts = { parts: [name], metadata: info };
  if (stores.length === 0) return errorAnswer(errors.stateNotConfigured, parts);
  const component = stores.find((one) => one.name === name);
  if (component === undefined) return errorAnswer(errors.stateNotFound, parts);
  const store = sidecar.components.stateStores.get(name);
  if (store !== undefined) return { store, name };
  throw notCovered({
    what: `the state store "${name}" of type ${component.type}`,
    instead: "use a component file with state.in-memory for the test.",
  });
}

/** The key in the store, or the refusal of a key that has `||`. */
export function keyOf({ sidecar }: ApiCall, name: string, key: string): string | TwinAnswer {
  const component = sidecar.components.all.find((one) => one.name === name);
  const prefix = Object.entries(component?.metadata ?? {}).find(
    ([entry]) => entry.toLowerCase() === "keyprefix",
  );
  const strategy = prefix?.[1].toLowerCase() ?? "appid";
  const stored = storedKey(key, { strategy, storeName: name, appId: sidecar.appId });
  if (stored !== undefined) return stored;
  const fact = sidecar.facts.errors.stateKey;
  const description = fact.message.replace("%s", () => key);
  return errorAnswer(fact, {
    parts: [key],
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        field_violations: [{ field: key, description }],
      },
      {
        "@type": "type.googleapis.com/google.rpc.ResourceInfo",
        description: "",
        owner: "",
        resource_name: name,
        resource_type: "state",
      },
    ],
  });
}

/** `metadata.<key>=<value>` of a query, without the prefix. */
export function queryMetadata({ query }: ApiCall): Map<string, string> {
  const prefix = "metadata.";
  return new Map(
    [...query].flatMap(([key, value]): [string, string][] =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );
}
