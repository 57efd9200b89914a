import { createRequire } from "node:module";
import type * as X509 from "@peculiar/x509";

/** The three functions of the metadata proposal that tsyringe calls, as `Reflect` may or may not have them. */
interface MetadataFunctions {
  getMetadata?: (key: unknown, target: object) => unknown;
  getOwnMetadata?: (key: unknown, target: object) => unknown;
  defineMetadata?: (key: unknown, value: unknown, target: object) => void;
}

/**
 * `@peculiar/x509`. It brings tsyringe, which refuses to load without a metadata polyfill on the global `Reflect`, and
 * asks it once per class while loading. A polyfill left there would stay for the user's own code, and a partial one
 * would break a later `reflect-metadata`. So three functions are lent for the time of the synchronous load and
 * taken back; where the process has a polyfill of its own, that one is used.
 */
export const x509: typeof X509 = load();

function load(): typeof X509 {
  const reflect: typeof Reflect & MetadataFunctions = Reflect;
  if (reflect.getMetadata !== undefined) return requireX509();

  const metadata = new WeakMap<object, Map<unknown, unknown>>();
  const get = (key: unknown, target: object): unknown => metadata.get(target)?.get(key);
  reflect.getMetadata = get;
  reflect.getOwnMetadata = get;
  reflect.defineMetadata = (key: unknown, value: unknown, target: object): void => {
    metadata.set(target, (metadata.get(target) ?? new Map<unknown, unknown>()).set(key, value));
  };
  try {
    return requireX509();
  } finally {
    delete reflect.getMetadata;
    delete reflect.getOwnMetadata;
    delete reflect.defineMetadata;
  }
}

function requireX509(): typeof X509 {
  const loaded: typeof X509 = createRequire(import.meta.url)("@peculiar/x509");
  return loaded;
}
