import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ImageBuild } from "../../definition/site-definition.ts";

/** The name under which the platform container's image is prepared. */
export const PLATFORM_IMAGE = "sitecar/platform";

const context = fileURLToPath(new URL("../../../images/platform", import.meta.url));

/**
 * How the platform container's image is built: the agent is bundled, the image adds what it calls. The published
 * package holds the bundle and not its source, so only a checkout bundles anew.
 */
export const platformBuild: ImageBuild = {
  context,
  dockerfile: "Dockerfile",
  include: ["package.json", "dist/agent.js"],
  ...(existsSync(join(context, "agent")) && {
    prepare: [
      "esbuild",
      "agent/main.ts",
      "--bundle",
      "--platform=node",
      "--target=node24",
      "--format=esm",
      // What dns-packet, a CommonJS module, asks Node for.
      `--banner:js=import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
      "--log-level=warning",
      "--outfile=dist/agent.js",
    ],
  }),
};
