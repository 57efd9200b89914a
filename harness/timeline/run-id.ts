import { randomBytes } from "node:crypto";

/** For example `20261123-164205-example-3f9a` (UTC); sorts by time. Not taken by another process for sure only once its folder is made. */
export function newRunId(site: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const name = site.replaceAll(/[^A-Za-z0-9-]+/g, "-").slice(0, 60) || "site";
  return `${time}-${name}-${randomBytes(2).toString("hex")}`;
}
