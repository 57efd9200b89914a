import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { print } from "../print.ts";

/** The bug: Hono answers OPTIONS with 404 on a route that was registered with `post` (daprd.md §1.1). */
export async function run(): Promise<void> {
  const app = new Hono();
  app.post("/batch", (context) => context.text("done"));
  const server = serve({ fetch: app.fetch, port: Number(process.env["PORT"]) }, () => print("listening"));
  process.removeAllListeners("SIGTERM").once("SIGTERM", () => {
    server.close(() => process.exit(0));
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
}
