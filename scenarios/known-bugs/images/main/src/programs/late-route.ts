import { setTimeout as passed } from "node:timers/promises";
import { print } from "../print.ts";
import { route, serve, type Handler } from "../serve.ts";

/** What a real app does meanwhile: reads configuration, opens connections. */
const REGISTERED_AFTER_MS = 5_000;

/** The bug: it listens first and registers its routes later, and daprd asks for them once only (dapr/dapr#7828). */
export async function run(): Promise<void> {
  const routes = new Map<string, Handler>();
  await serve({ routes });
  await passed(REGISTERED_AFTER_MS);
  for (const [name, handler] of route("/batch", () => 200)) routes.set(name, handler);
  print("routes registered");
}
