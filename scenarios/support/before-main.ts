import type { Schedule } from "../../harness/schedule/schedule.ts";

/**
 * A sidecar, then main at once: main alone gates the warm-up (A2.7), and could be warm before a sidecar that is started later, in
 * which nothing can be run then.
 */
export function beforeMain(sidecar: string): Schedule {
  return {
    starts: [
      { container: sidecar, atMs: 0 },
      { container: "main", atMs: 0 },
    ],
  };
}
