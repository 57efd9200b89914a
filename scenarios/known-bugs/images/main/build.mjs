// Bundles the apps into dist/index.js. A script of its own, so that a start that builds it does not pay for npm as well.
import { build } from "esbuild";

await build({
  absWorkingDir: import.meta.dirname,
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
