import { formatBytes, gibibytes, mebibytes, ok, problem, warning, type Finding } from "./finding.ts";

const CHECK = "memory";

/** Measured for the example: daprd 34 MB, app 38 MB, storage 66 MB, agent and SSH; with room to breathe. */
const A_SITE_BYTES = mebibytes(256);

/** Four scenarios at once, each with a site, and the test runner. */
const SCENARIOS_BYTES = gibibytes(2);

export interface MemoryAtHand {
  /** What processes can still get on this machine. */
  readonly availableBytes: number;
  /** All that the engine has: less than the machine's where it runs in a virtual machine. */
  readonly engineBytes: number | undefined;
}

export function checkMemory({ availableBytes, engineBytes }: MemoryAtHand): Finding {
  const least = Math.min(availableBytes, engineBytes ?? availableBytes);
  const engine = engineBytes === undefined ? "" : `, the engine has ${formatBytes(engineBytes)}`;
  const summary = `${formatBytes(availableBytes)} are free${engine}`;
  if (least < A_SITE_BYTES) {
    return problem(
      CHECK,
      `${summary}; a site takes about ${formatBytes(A_SITE_BYTES)}`,
      "end other programs, or give the engine's virtual machine more memory",
    );
  }
  if (least < SCENARIOS_BYTES) {
    return warning(
      CHECK,
      `${summary}; enough for a site, little for scenarios side by side or for compiling daprd`,
      "run fewer at once (`vitest --maxWorkers 1`)",
    );
  }
  return ok(CHECK, summary);
}
