import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent } from "../evidence.ts";
import { mayBeShell, quoteStop, stopsOf } from "../stops.ts";

/**
 * A shell that is PID 1 and waits for its child ignores SIGTERM (without a trap) or runs its trap only when the child has
 * ended; the child never gets the signal.
 */
export const shellIsPid1: DiagnosisRule = {
  id: "shell-is-pid-1",
  about:
    "SIGTERM does not reach the program, because a shell is PID 1 and does not pass it on; SIGKILL ends it after the grace.",
  source: "A7.1; bash(1), SIGNALS; measured on the example's entrypoints (exit 137 after 5 s)",
  explains: ["stopsGracefully", "ticksHaveEffect", "ticksDelivered"],
  advice: [
    "Start the program by exec in the entrypoint, or wait for it in the background and pass the signal on.",
  ],
  conclude(look) {
    if (look.contract !== "stopsGracefully" && look.containersNamed.length === 0) return undefined;
    const killed = stopsOf(look).find((stop) => stop.killed && mayBeShell(look, stop.container));
    if (killed === undefined) return undefined;
    const { container, instance } = killed;
    // A process that got the signal says so in most cases: daprd by its shutdown, a server by closing its port at once.
    const closed = look
      .events("port.closed")
      .filter(
        (event) =>
          event.container === container &&
          (event.instance === undefined || instance === undefined || event.instance === instance) &&
          event.tMs > look.record.observedUntilMs &&
          event.tMs < look.record.observedUntilMs + killed.afterMs - 500,
      );
    if (closed.length > 0) return undefined;
    const grace = look.record.plan.settings.stopTimeLimitSeconds;
    const exit = look.lives(container, instance).at(-1)?.exit;
    return {
      cause: `"${container}" went on as if nothing had happened for the ${grace} s after SIGTERM: the signal goes to PID 1, which is most likely a shell that does not pass it on.`,
      evidence: [
        { source: "stop", quote: quoteStop(killed) },
        ...(exit === undefined ? [] : [fromEvent(exit)]),
      ],
      remedies: [
        {
          text: `let the last program of "${container}"'s entrypoint take the shell's place: exec …`,
          changes: [{ kind: "entrypoint-exec", container }],
        },
        { text: "if the program itself is PID 1: let it end on SIGTERM" },
      ],
    };
  },
};
