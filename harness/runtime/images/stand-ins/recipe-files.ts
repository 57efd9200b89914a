import { fileURLToPath } from "node:url";

/** The folder `images/stand-ins/<name>` of this package, whether it runs from source or from `dist`. */
export function recipeDirectory(
  name: "debian" | "node" | "azurite" | "daprd" | "daprd-virtual-time" | "envoy" | "toxiproxy",
): string {
  return fileURLToPath(new URL(`../../../../images/stand-ins/${name}`, import.meta.url));
}
