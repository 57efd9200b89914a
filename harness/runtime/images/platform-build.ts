import { fileURLToPath } from "node:url";
import type { ImageBuild } from "../../definition/site-definition.ts";

/** The name under which the platform container's image is prepared. */
export const PLATFORM_IMAGE = "sitecar/platform";

/** How the platform container's image is built: the agent is bundled here, the image adds what it calls. */
export const platformBuild: ImageBuild = {
  context: fileURLToPath(new URL("../../../images/platform", import.meta.url)),
  dockerfile: "Dockerfile",
  include: ["package.json", "dist/agent.js"],
  prepare: [
    "esbuild",
    "agent/main.ts",
    "--bundle",
    "--platform=node",
    "--target=node24",
    "--format=esm",
    "--log-level=warning",
    "--outfile=dist/agent.js",
  ],
};
