import { BROKEN_BY_A_STOP } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine } from "../evidence.ts";
import { failedDeliveries } from "../failed-calls.ts";

const CUT = /: EOF|connection reset|connection refused|response object is nil/;

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
    const cut = failedDeliveries(look).find(
      ({ line }) => line.line.tMs >= observedUntilMs && CUT.test(line.message),
    );
    const exit = look
      .events("container.exited")
      .find(({ container, tMs }) => container === look.main && tMs >= observedUntilMs);
    const failed = look.events("tick").find(({ tMs, success }) => !success && tMs >= observedUntilMs);
    if (exit === undefined || (cut === undefined && failed === undefined)) return undefined;
    if (cut !== undefined && cut.line.line.tMs < exit.tMs - 1000) return undefined;
    return {
      cause: `"${look.main}" ended on SIGTERM in the middle of a delivery, which is lost.`,
      evidence: [
        fromEvent(exit),
        ...(cut === undefined ? [] : [fromLine(cut.line)]),
        ...(failed === undefined ? [] : [fromEvent(failed)]),
      ],
      remedies: [
        {
          text: "on SIGTERM stop listening, finish what is under way, and end then (Node: server.close(), not process.exit())",
        },
      ],
    };
  },
};
