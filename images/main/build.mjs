import { bundleApp } from "../bundle-app.mjs";

await bundleApp(import.meta.dirname);
