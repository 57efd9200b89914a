const SEPARATOR = "||";

/** How a store's component file wants its keys: `keyPrefix` (daprd's state_config.go). */
export interface KeyPrefix {
  readonly strategy: string;
  readonly storeName: string;
  readonly appId: string;
}

/** The key in the store; `undefined`: the key is none that daprd takes. */
export function storedKey(key: string, { strategy, storeName, appId }: KeyPrefix): string | undefined {
  if (key.includes(SEPARATOR)) return undefined;
  switch (strategy) {
    case "none":
      return key;
    case "name":
      return `${storeName}${SEPARATOR}${key}`;
    // Without a namespace, which is Kubernetes's, the app's id stands alone.
    case "namespace":
    case "appid":
      return appId === "" ? key : `${appId}${SEPARATOR}${key}`;
    default:
      return `${strategy}${SEPARATOR}${key}`;
  }
}
