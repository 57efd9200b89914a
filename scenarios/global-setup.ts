import { randomUUID } from "node:crypto";
import type { TestProject } from "vitest/node";
import { readSite } from "../harness/definition/read-site.ts";
import { SESSION_VARIABLE } from "../harness/runtime/labels.ts";
import { findLeftovers, removeLeftovers } from "../harness/runtime/leftovers.ts";
import { prepareHost } from "../harness/site/host.ts";

/**
 * Brings up the engine and the images before the first scenario, so that no scenario's time includes a build; and
 * removes at the end whatever a worker that was interrupted left.
 */
export default async function setUp(_project: TestProject): Promise<() => Promise<void>> {
  const session = randomUUID();
  process.env[SESSION_VARIABLE] = session;
  const { engine } = await prepareHost([await readSite("fixtures/sites/example")], {
    progress: ({ step, state, detail, elapsedMs }) => {
      if (state !== "cached")
        process.stderr.write(`  ${state.padEnd(7)} ${step}  ${(elapsedMs / 1000).toFixed(1)} s  ${detail}\n`);
    },
  });
  return async () => {
    const left = (await findLeftovers(engine)).filter((one) => one.session === session);
    await removeLeftovers(engine, left);
  };
}
