import type { Place } from "./problems.ts";

/**
 * Where each value of a definition was written. A key is a path by names, for example
 * `["siteContainers", "main", "targetPort"]`, `["siteContainers", "dapr", "environmentVariables", "MODE"]`,
 * `["siteContainers", "main", "volumeMounts", "0"]`, `["appSettings", "APPID"]`, `["connectionStrings", "Main"]`,
 * `["siteConfig", "linuxFxVersion"]`, `["identity"]`, `["serverFarm"]`.
 */
export class Origins {
  readonly #places = new Map<string, Place>();

  /** The later wins, as its value does. */
  set(path: readonly string[], place: Place): void {
    this.#places.set(keyOf(path), place);
  }

  /** Of the value itself, else of what it stands in. */
  of(...path: string[]): Place | undefined {
    for (let length = path.length; length > 0; length--) {
      const place = this.#places.get(keyOf(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** Of the value itself only. */
  exact(...path: string[]): Place | undefined {
    return this.#places.get(keyOf(path));
  }
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
