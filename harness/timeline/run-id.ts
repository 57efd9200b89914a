import { randomBytes } from "node:crypto";

/** For example `20261123-164205-example-3f9a` (UTC); sorts by time. Not taken by another process for sure only once its folder is made. */
export function newRunId(site: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${time}-${runIdName(site)}-${randomBytes(2).toString("hex")}`;
}

/** A site's name as a run's id has it. */
export function runIdName(site: string): string {
  return site.replaceAll(/[^A-Za-z0-9-]+/g, "-").slice(0, 60) || "site";
}

/** The site's name in a run's id. */
export function siteOfRun(id: string): string {
  return id.replace(/^\d{8}-\d{6}-/, "").replace(/-[0-9a-f]{4}$/, "");
}
