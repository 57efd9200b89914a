import type { DaprComponent } from "../../dapr/component-files.ts";
import { pathEscape } from "../go/path.ts";
import { notCovered } from "../not-covered.ts";
import { notStarted } from "../not-started.ts";

/** What a component of type `bindings.azure.blobstorage` states, as far as its answers depend on it. */
export interface BlobSettings {
  /** For example `https://shop.blob.core.windows.net/container1`. */
  readonly containerUrl: string;
  readonly decodeBase64: boolean;
}

/** Names that daprd takes for one property, in any case (daprd.md §4). */
const NAMES = {
  account: ["accountName", "storageAccount", "storageAccountName"],
  container: ["containerName", "container", "storageAccountContainer"],
  endpoint: ["endpoint", "storageEndpoint", "storageAccountEndpoint", "queueEndpointUrl"],
  environment: ["azureEnvironment", "azureCloud"],
  connectionString: ["connectionString"],
  decodeBase64: ["decodeBase64"],
} as const;

const TRUTHY = ["y", "yes", "true", "t", "on", "1"];

/** @throws {SitecarError} TWIN_NOT_STARTED, TWIN_NOT_COVERED */
export function readBlobSettings(component: DaprComponent): BlobSettings {
  const read = (names: readonly string[]): string => {
    const wanted = names.map((name) => name.toLowerCase());
    const entries = Object.entries(component.metadata).map(
      ([key, value]) => [key.toLowerCase(), value] as const,
    );
    return (
      wanted.map((name) => entries.find(([key]) => key === name)?.[1]).find((value) => value !== undefined) ??
      ""
    );
  };
  const refuse = (what: string, instead: string): Error =>
    notCovered({ what: `${what} of the component "${component.name}"`, instead });

  if (read(NAMES.connectionString) !== "") {
    throw refuse(
      "connectionString",
      "give it accountName and containerName, with an endpoint if it has one.",
    );
  }
  if (!/^(?:azurepublic(?:cloud)?)?$/i.test(read(NAMES.environment))) {
    throw refuse(`azureEnvironment ${read(NAMES.environment)}`, "leave it out for the test.");
  }
  const account = read(NAMES.account);
  if (account === "") throw missing(component, NAMES.account[0]);
  const container = read(NAMES.container);
  if (container === "") throw missing(component, NAMES.container[0]);
  const endpoint = read(NAMES.endpoint).replace(/\/$/, "");
  return {
    containerUrl:
      endpoint === ""
        ? `https://${account}.blob.core.windows.net/${container}`
        : `${endpoint}/${account}/${container}`,
    decodeBase64: TRUTHY.includes(read(NAMES.decodeBase64).trim().toLowerCase()),
  };
}

function missing({ name, path }: DaprComponent, field: string): Error {
  return notStarted({
    why: `component ${name}: missing or empty ${field} field from metadata`,
    file: path,
    instead: `write ${field} of "${name}" as a value; one from a secret or the environment the twin can't read.`,
  });
}

export function blobUrl({ containerUrl }: BlobSettings, name: string): string {
  return `${containerUrl}/${pathEscape(name)}`;
}
