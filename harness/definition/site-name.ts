import path from "node:path";

import type { Value } from "./value.ts";

export function readName(value: Value): string {
  const name = value.text();
  if (name !== undefined && !/^[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])?$/.test(name)) {
    value.complain(
      `is ${JSON.stringify(name)}, which is no site name.`,
      "Use up to 60 letters, digits and hyphens, a letter or digit first and last.",
    );
  }
  return name ?? "";
}

/** For a site whose files do not name it. */
export function nameFromDirectory(file: string): string {
  const name = path
    .basename(path.dirname(file))
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return name === "" ? "site" : name.slice(0, 59).replace(/-$/, "");
}
