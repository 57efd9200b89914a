import { bundleApp } from "../../../../images/bundle-app.mjs";

await bundleApp(import.meta.dirname);
