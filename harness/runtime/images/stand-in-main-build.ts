import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ImageBuild } from "../../definition/site-definition.ts";

const context = fileURLToPath(new URL("../../../images/stand-in-main", import.meta.url));

/**
 * How the stand-in main's image is built, for runs that use it: it holds Dapr's client, whose bundling no other run is to pay
 * for. The published package holds the bundle and not its source, so only a checkout bundles anew.
 */
export const standInMainBuild: ImageBuild = {
  context,
  dockerfile: "Dockerfile",
  include: ["package.json", "dist/index.js"],
  ...(existsSync(join(context, "src")) && { prepare: ["node", "build.mjs"] }),
};
