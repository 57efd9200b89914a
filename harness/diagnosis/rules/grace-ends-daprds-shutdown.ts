import { BROKEN_BY_A_STOP } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { LONGEST_GRACE_SECONDS, quoteStop, stopsOf } from "../stops.ts";

const RECEIVED = /^Received signal '/;

export const graceEndsDaprdsShutdown: DiagnosisRule = {
  id: "grace-ends-daprds-shutdown",
  about:
    "daprd got SIGTERM and was still shutting down when the grace ended: --dapr-block-shutdown-duration and the wait for calls under way are together longer.",
  source: "daprd 1.18 pkg/runtime/runtime.go; A7.1; measured on 1.18.2",
  explains: BROKEN_BY_A_STOP,
  insteadOf: ["shell-is-pid-1", "sigterm-ignored"],
  advice: [
    "Let handlers answer within the grace.",
    "Raise WEBSITES_CONTAINER_STOP_TIME_LIMIT beyond --dapr-block-shutdown-duration and --dapr-graceful-shutdown-seconds together.",
  ],
  conclude(look) {
    for (const { container, instance, lines } of look.daprds) {
      const killed = stopsOf(look).find(
        (stop) => stop.killed && stop.container === container && stop.instance === instance,
      );
      const received = lines.find(
        ({ line, message }) => line.tMs >= look.record.observedUntilMs && RECEIVED.test(message),
      );
      if (killed === undefined || received === undefined) continue;
      const grace = look.record.plan.settings.stopTimeLimitSeconds;
      return {
        cause: `daprd got SIGTERM and still waited, for its block-shutdown duration or for calls under way, when the grace of ${grace} s ended.`,
        evidence: [fromLine(received), { source: "stop", quote: quoteStop(killed) }],
        remedies: [
          { text: "let handlers answer sooner, or give up what they do when main gets SIGTERM" },
          {
            text: `set WEBSITES_CONTAINER_STOP_TIME_LIMIT to ${LONGEST_GRACE_SECONDS}`,
            changes: [
              {
                kind: "app-setting",
                name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT",
                value: String(LONGEST_GRACE_SECONDS),
              },
            ],
          },
        ],
      };
    }
    return undefined;
  },
};
