import { print } from "./print.ts";

/** By the name that the start-up command gives. */
const PROGRAMS: Readonly<Record<string, () => Promise<{ readonly run: () => Promise<void> }>>> = {
  "answers-204": () => import("./programs/answers-204.ts"),
  eager: () => import("./programs/eager.ts"),
  gateway: () => import("./programs/gateway.ts"),
  good: () => import("./programs/good.ts"),
  hono: () => import("./programs/hono.ts"),
  "late-route": () => import("./programs/late-route.ts"),
  metrics: () => import("./programs/metrics.ts"),
  quiet: () => import("./programs/quiet.ts"),
  "slow-handler": () => import("./programs/slow-handler.ts"),
  "slow-question": () => import("./programs/slow-question.ts"),
  "slow-start": () => import("./programs/slow-start.ts"),
  "well-built": () => import("./programs/well-built.ts"),
  "writes-late": () => import("./programs/writes-late.ts"),
};

// First of all: as PID 1 a process without a handler ignores SIGTERM. A program that has something to finish puts its own here.
process.once("SIGTERM", () => process.exit(0));

const name = process.argv[2] ?? "";
const program = PROGRAMS[name];
if (program === undefined) {
  process.stderr.write(`there is no program "${name}"; there are: ${Object.keys(PROGRAMS).join(", ")}\n`);
  process.exit(1);
}
try {
  await (await program()).run();
} catch (error) {
  print(`ends: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
}
