import { BROKEN_BY_A_STOP } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";

export const apiClosedBeforeHandler: DiagnosisRule = {
  id: "api-closed-before-handler",
  about: "At SIGTERM daprd closes its API at once, while it still waits for a handler that calls it.",
  source: "daprd 1.18 pkg/api/http/server.go; measured on 1.18.2",
  explains: BROKEN_BY_A_STOP,
  insteadOf: ["work-lost-on-sigterm", "handler-fails"],
  advice: [
    "Start daprd with --dapr-block-shutdown-duration, shorter than the grace: the API stays up and no new tick comes.",
  ],
  conclude(look) {
    for (const { container, sidecar } of look.daprds) {
      const refused = new RegExp(
        `ECONNREFUSED[^\\n]*:(?:${sidecar.httpPort}|${sidecar.grpcPort})\\b|\\[?unavailable\\]?[^\\n]*ECONNREFUSED|UNAVAILABLE`,
      );
      const line = look
        .lines()
        .find(
          (one) =>
            one.line.container !== container &&
            one.line.tMs >= look.record.observedUntilMs &&
            refused.test(one.message),
        );
      if (line === undefined) continue;
      const grace = look.record.plan.settings.stopTimeLimitSeconds;
      const seconds = Math.max(1, grace - 1);
      return {
        cause: `a handler that was under way at the stop called daprd, whose API had closed with SIGTERM; what it wanted to write is lost.`,
        evidence: [
          { source: "stop", tMs: look.record.observedUntilMs, quote: "SIGTERM to all containers" },
          fromLine(line),
        ],
        remedies: [
          {
            text: `start daprd with --dapr-block-shutdown-duration ${seconds}s: its API stays up for the handlers under way (the grace is ${grace} s)`,
            changes: [
              { kind: "daprd-flag", container, flag: "dapr-block-shutdown-duration", value: `${seconds}s` },
            ],
          },
        ],
      };
    }
    return undefined;
  },
};
