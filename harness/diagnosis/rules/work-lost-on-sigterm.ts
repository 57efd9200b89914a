import { BROKEN_BY_A_STOP } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine } from "../evidence.ts";
import { failedDeliveries } from "../failed-calls.ts";

/** A connection that main's end broke; one that is refused was made after it. */
const CUT = /: EOF|connection reset by peer|unexpected EOF/;

/** daprd tells of it at once; the engine's event of the end may come a little later. */
const AROUND_THE_END_MS = 500;

export const workLostOnSigterm: DiagnosisRule = {
  id: "work-lost-on-sigterm",
  about: "Main ends at SIGTERM without finishing the call it is in; the tick is lost.",
  source: "A7.1; measured with daprd 1.18.2",
  explains: BROKEN_BY_A_STOP,
  insteadOf: ["handler-fails"],
  advice: [
    "On SIGTERM let main stop listening, finish what is under way, and end then (Node: server.close(), not process.exit()).",
  ],
  conclude(look) {
    const { observedUntilMs } = look.record;
    const stop = look.record.stopped?.find(({ container }) => container === look.main);
    const exit = look
      .events("container.exited")
      .find(({ container, tMs }) => container === look.main && tMs >= observedUntilMs);
    if (exit === undefined || stop === undefined || stop.killed) return undefined;
    const isAtItsEnd = (tMs: number): boolean => Math.abs(tMs - exit.tMs) < AROUND_THE_END_MS;
    const cut = failedDeliveries(look).find(
      ({ line }) => isAtItsEnd(line.line.tMs) && CUT.test(line.message),
    );
    const failed = look
      .events("tick")
      .find(({ tMs, success, latencyMs }) => !success && isAtItsEnd(tMs) && tMs - latencyMs < exit.tMs);
    if (cut === undefined) return undefined;
    return {
      cause: `"${look.main}" ended on SIGTERM in the middle of a delivery, which is lost.`,
      evidence: [fromEvent(exit), fromLine(cut.line), ...(failed === undefined ? [] : [fromEvent(failed)])],
      remedies: [
        {
          text: "on SIGTERM stop listening, finish what is under way, and end then (Node: server.close(), not process.exit())",
        },
      ],
    };
  },
};
