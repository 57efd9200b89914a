import { BROKEN_BY_A_SILENT_BINDING } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";

const UNHEALTHY = /^App entered un-healthy status: (?<reason>.*)/;

export const appHealthFlips: DiagnosisRule = {
  id: "app-health-flips",
  about:
    "daprd's health check finds the app unhealthy and stops its input bindings; afterwards they begin anew, with a full interval.",
  source: "daprd 1.18 pkg/apphealth, pkg/runtime/runtime.go; measured on 1.18.2",
  explains: BROKEN_BY_A_SILENT_BINDING,
  insteadOf: ["handler-fails"],
  advice: [
    "Let the health path answer 2xx as long as the app can take calls, and quickly (500 ms).",
    "Raise --app-health-threshold or --app-health-probe-timeout.",
  ],
  conclude(look) {
    for (const { container, lines } of look.daprds) {
      const flips = lines.filter(
        ({ message, line }) => UNHEALTHY.test(message) && line.tMs <= look.record.observedUntilMs,
      );
      const [first] = flips;
      if (first === undefined) continue;
      const reason = UNHEALTHY.exec(first.message)?.groups?.["reason"] ?? "";
      const flag = (name: string, value: string) =>
        ({ kind: "daprd-flag", container, flag: name, value }) as const;
      return {
        cause: `daprd found the app unhealthy${flips.length > 1 ? ` ${flips.length} times` : ""} and stopped its bindings: ${reason}.`,
        evidence: flips.slice(0, 3).map(fromLine),
        remedies: [
          {
            text: "let the health path answer 2xx within the probe's timeout as long as the app can take calls",
          },
          {
            text: "start daprd with --app-health-threshold 10 and --app-health-probe-interval 10: it bears longer troubles",
            changes: [flag("app-health-threshold", "10"), flag("app-health-probe-interval", "10")],
          },
        ],
      };
    }
    return undefined;
  },
};
