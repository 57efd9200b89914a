import { build } from "esbuild";

/**
 * Bundles an image's app, from src/index.ts into dist/index.js. Called by a script in the image's folder and not through npm, so
 * that a start that builds it does not pay for npm as well.
 */
export async function bundleApp(directory) {
  await build({
    absWorkingDir: directory,
    entryPoints: ["src/index.ts"],
    outfile: "dist/index.js",
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
    // CommonJS dependencies inside the bundle call require, which an ES module has not.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}
