import { stat } from "node:fs/promises";
import path from "node:path";

import { describePath } from "./problems.ts";
import type { HomeFile } from "./site-definition.ts";
import type { Value } from "./value.ts";

/** What was deployed to `/home`; `from` is relative to the site's file and becomes absolute. */
export async function readHomeFiles(value: Value | undefined, directory: string): Promise<HomeFile[]> {
  const files: HomeFile[] = [];
  for (const item of value?.items() ?? []) {
    const fields = item.fields({ known: ["from", "to"] });
    const fromValue = fields.required("from");
    const toValue = fields.required("to");
    const from = path.resolve(directory, fromValue?.text() ?? "");
    const to = toValue?.text() ?? "";
    if (fromValue !== undefined && !(await exists(from))) {
      fromValue.complain(`names ${describePath(from)}, where nothing is.`, "Correct the path.");
    }
    if (to !== "" && (!to.startsWith("/home/") || to.split("/").includes(".."))) {
      toValue?.complain(`is ${JSON.stringify(to)}, which does not lie in /home.`, "Use a path below /home/.");
    }
    files.push({ from, to });
  }
  return files;
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}
