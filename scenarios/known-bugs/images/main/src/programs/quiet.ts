import { route, serve } from "../serve.ts";

/** Does nothing with a tick; there is nothing wrong with it. */
export async function run(): Promise<void> {
  await serve({ routes: new Map(route("/batch", () => 200)) });
}
