import { certainValue } from "./credentials.ts";
import type { ComponentView, MetadataEntry } from "./component-view.ts";

const ENDPOINT_NAMES = ["endpoint", "storageEndpoint", "storageAccountEndpoint", "queueEndpointUrl"];

/** Types whose client goes to `<endpoint>/<account>/…`. */
const STORAGE = ["bindings.azure.blobstorage", "state.azure.blobstorage", "bindings.azure.storagequeues"];

export interface StorageEndpoint {
  readonly entry: MetadataEntry;
  readonly url: URL;
  /** Absent: it comes from elsewhere. */
  readonly account: string | undefined;
}

/** The endpoint that a component of Azure Storage goes to instead of the account's public one. */
export function storageEndpointOf(component: ComponentView): StorageEndpoint | undefined {
  if (!STORAGE.includes(component.known?.type ?? "")) return undefined;
  const entry = certainValue(component, ...ENDPOINT_NAMES);
  if (entry?.value === undefined || !URL.canParse(entry.value)) return undefined;
  const account = certainValue(component, ...(component.known?.aliasesOf("accountName") ?? []))?.value;
  return { entry, url: new URL(entry.value), account };
}
