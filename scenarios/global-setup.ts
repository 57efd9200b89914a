import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { readSite } from "../harness/definition/read-site.ts";
import { SESSION_VARIABLE } from "../harness/runtime/labels.ts";
import { findLeftovers, removeLeftovers } from "../harness/runtime/leftovers.ts";
import { prepareHost } from "../harness/site/host.ts";

/** The longest that Ctrl-C takes; what still stands then is removed by the next start. */
const REMOVAL_MS = 30_000;

/**
 * Brings up the engine and the images before the first scenario, so that no scenario's time includes a build; and
 * removes at the end whatever a worker that was interrupted left.
 */
export default async function setUp(_project: TestProject): Promise<() => Promise<void>> {
  const session = ownSession();
  const removeAtExit = removeAtEarlyExit(session);
  const { engine } = await prepareHost([await readSite("fixtures/sites/example")], {
    progress: ({ step, state, detail, elapsedMs }) => {
      if (state !== "cached")
        process.stderr.write(`  ${state.padEnd(7)} ${step}  ${(elapsedMs / 1000).toFixed(1)} s  ${detail}\n`);
    },
  });
  return async () => {
    const left = (await findLeftovers(engine)).filter((one) => one.session === session);
    await removeLeftovers(engine, left);
    removeAtExit.release();
  };
}

/** One for all projects of this process; never the one of a test run that started this one. */
function ownSession(): string {
  const own = `${process.pid}-`;
  const inherited = process.env[SESSION_VARIABLE];
  const session = inherited?.startsWith(own) === true ? inherited : `${own}${randomUUID()}`;
  process.env[SESSION_VARIABLE] = session;
  return session;
}

const ENDING_SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/**
 * On these signals vitest exits at once, without the teardown, and its workers end with everything they have running.
 * All that a process can do while it exits is to wait for another one.
 */
function removeAtEarlyExit(session: string): { release(): void } {
  const onExit = (): void => {
    const script = fileURLToPath(new URL("support/remove-session.ts", import.meta.url));
    spawnSync(process.execPath, [script, session], {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: REMOVAL_MS,
    });
  };
  for (const signal of ENDING_SIGNALS) process.once(signal, onSignal);
  process.once("exit", onExit);
  return {
    release() {
      for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
      process.off("exit", onExit);
    },
  };
}

/** As a shell tells it. */
function onSignal(_name: NodeJS.Signals, number: number): never {
  process.exit(128 + number);
}
