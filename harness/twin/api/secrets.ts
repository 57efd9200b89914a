import { encodedAnswer, errorAnswer, type TwinAnswer } from "../answer.ts";
import { GoError } from "../go/json-node.ts";
import { notCovered } from "../not-covered.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import type { ApiCall, SidecarState } from "./call.ts";

/** `GET /v1.0/secrets/{store}/{key}`. */
export function getSecret(call: ApiCall): TwinAnswer {
  const store = storeOf(call);
  if (!isStore(store)) return store;
  const { errors } = call.sidecar.facts;
  const key = call.parameters["key"] ?? "";
  try {
    return encodedAnswer(new Map(Object.entries(store.get(key))));
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(errors.secretGet, { parts: [key, call.parameters["store"] ?? "", error.message] });
  }
}

/** `GET /v1.0/secrets/{store}/bulk`. */
export function getSecrets(call: ApiCall): TwinAnswer {
  const store = storeOf(call);
  if (!isStore(store)) return store;
  return encodedAnswer(
    new Map(
      Object.entries(store.all()).map(([name, secrets]) => [name, new Map(Object.entries(secrets))] as const),
    ),
  );
}

function storeOf({ sidecar, parameters }: ApiCall): SecretStore | TwinAnswer {
  const name = parameters["store"] ?? "";
  const found = secretStoreOf(sidecar, name);
  return typeof found === "string" ? errorAnswer(sidecar.facts.errors[found], { parts: [name] }) : found;
}

/** The store of both APIs, HTTP and gRPC, or why there is none. @throws {SitecarError} TWIN_NOT_COVERED */
export function secretStoreOf(
  { components }: SidecarState,
  name: string,
): SecretStore | "secretsNotConfigured" | "secretStoreNotFound" {
  const stores = components.ofKind("secretstores");
  if (stores.length === 0) return "secretsNotConfigured";
  const component = stores.find((one) => one.name === name);
  if (component === undefined) return "secretStoreNotFound";
  const store = components.secretStores.get(name);
  if (store !== undefined) return store;
  throw notCovered({
    what: `the secret store "${name}" of type ${component.type}`,
    instead: "use a component file with secretstores.local.file for the test.",
  });
}

function isStore(store: SecretStore | TwinAnswer): store is SecretStore {
  return "get" in store;
}
