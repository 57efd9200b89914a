import { readFileSync } from "node:fs";

/** Of this package, from its own package.json (two folders up, in the source as in the build). */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
