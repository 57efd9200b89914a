import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { fatalEnd } from "../fatal-lines.ts";
import { freePort, takenBefore } from "../ports.ts";

/** All containers of an instance share their ports (A2.1); of the metrics port daprd asks once. */
export const metricsPortTaken: DiagnosisRule = {
  id: "metrics-port-taken",
  about: "Another container listens on daprd's metrics port, and daprd ends at once.",
  source: "daprd 1.18 pkg/metrics/exporter.go; measured on 1.18.2; A2.1",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["daprd-fatal"],
  advice: ["Give daprd another --metrics-port, or the other container another port."],
  conclude(look) {
    const end = fatalEnd(look, /failed to listen on \S+:(?<port>\d+): [^\n]*address already in use/);
    if (end === undefined) return undefined;
    const port = Number(end.match.groups?.["port"]);
    const { container } = end.daprd;
    const free = freePort(look, port);
    return {
      cause: `daprd's metrics port ${port} was taken when it started, which ends it at once.`,
      evidence: [fromLine(end.line), ...takenBefore(look, end, port)],
      remedies: [
        {
          text: `start daprd with --metrics-port ${free}`,
          changes: [{ kind: "daprd-flag", container, flag: "metrics-port", value: String(free) }],
        },
        { text: `let the other container listen elsewhere than on ${port}` },
      ],
    };
  },
};
