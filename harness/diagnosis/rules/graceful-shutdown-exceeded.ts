import { BROKEN_BY_A_STOP } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine } from "../evidence.ts";
import { LONGEST_GRACE_SECONDS } from "../stops.ts";

export const gracefulShutdownExceeded: DiagnosisRule = {
  id: "graceful-shutdown-exceeded",
  about:
    "At the stop daprd waits for calls under way no longer than --dapr-graceful-shutdown-seconds (5), cuts them and exits 1.",
  source: "daprd 1.18 pkg/runtime/config.go; measured on 1.18.2; A7.1",
  explains: BROKEN_BY_A_STOP,
  advice: [
    "Let handlers answer within the grace.",
    "Raise --dapr-graceful-shutdown-seconds, and WEBSITES_CONTAINER_STOP_TIME_LIMIT beyond it.",
  ],
  conclude(look) {
    for (const { container, lines, lives } of look.daprds) {
      const line = lines.find(({ message }) => message.startsWith("Graceful shutdown timeout exceeded"));
      if (line === undefined || !look.concernsContainer(container)) continue;
      const exit = lives.at(-1)?.exit;
      const seconds = LONGEST_GRACE_SECONDS / 2;
      return {
        cause: "a call was still under way when daprd's grace for it ended, so daprd cut it and exited 1.",
        evidence: [fromLine(line), ...(exit === undefined ? [] : [fromEvent(exit)])],
        remedies: [
          {
            text: `start daprd with --dapr-graceful-shutdown-seconds ${seconds}, and set WEBSITES_CONTAINER_STOP_TIME_LIMIT to ${LONGEST_GRACE_SECONDS}`,
            changes: [
              {
                kind: "daprd-flag",
                container,
                flag: "dapr-graceful-shutdown-seconds",
                value: String(seconds),
              },
              {
                kind: "app-setting",
                name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT",
                value: String(LONGEST_GRACE_SECONDS),
              },
            ],
          },
          { text: "let handlers answer sooner, or give up what they do when main gets SIGTERM" },
        ],
      };
    }
    return undefined;
  },
};
