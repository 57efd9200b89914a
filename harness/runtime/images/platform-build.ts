import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ImageBuild } from "../../definition/site-definition.ts";

/** The name under which the platform container's image is prepared. */
export const PLATFORM_IMAGE = "sitecar/platform";

const context = fileURLToPath(new URL("../../../images/platform", import.meta.url));

/**
 * How the platform container's image is built: the agent and the tap are bundled, the image adds what they call. The published
 * package holds the bundle and not its source, so only a checkout bundles anew.
 */
export const platformBuild: ImageBuild = {
  context,
  dockerfile: "Dockerfile",
  include: ["package.json", "dist/agent.js", "dist/tap.js"],
  ...(existsSync(join(context, "agent")) && {
    prepare: [
      "esbuild",
      "agent=agent/main.ts",
      "tap=agent/tap/tap-thread.ts",
      "--outdir=dist",
      "--bundle",
      "--platform=node",
      "--target=node24",
      "--format=esm",
      // What dns-packet and other CommonJS modules ask Node for.
      `--banner:js=import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
      "--log-level=warning",
    ],
  }),
};
