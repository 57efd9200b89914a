import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent } from "../evidence.ts";

export const placementUnreachable: DiagnosisRule = {
  id: "placement-unreachable",
  about:
    "daprd is given addresses of a placement or scheduler service that nobody answers; its health stays 500 for ever.",
  source: "daprd 1.18 pkg/api/http/healthz.go; measured on 1.18.2",
  explains: ["siteStarts", "bindingsActive", "ticksDelivered"],
  insteadOf: ["app-never-found"],
  advice: [
    "Leave --placement-host-address and --scheduler-host-address out: cron and bindings need neither.",
  ],
  conclude(look) {
    const probe = look
      .events("probe.changed")
      .findLast(
        (event) =>
          event.probe === "healthz" &&
          event.tMs <= look.record.observedUntilMs &&
          look.daprds.some(({ container }) => container === event.container),
      );
    if (probe === undefined || !/internal-placement-service|scheduler-watch-hosts/.test(probe.detail))
      return undefined;
    return {
      cause: "daprd waits for a placement or scheduler service that it is told of and can't reach.",
      evidence: [fromEvent(probe)],
      remedies: [
        { text: "leave --placement-host-address and --scheduler-host-address out, or run what they name" },
      ],
    };
  },
};
