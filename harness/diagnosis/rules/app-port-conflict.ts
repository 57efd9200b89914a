import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { fatalEnd } from "../fatal-lines.ts";

export const appPortConflict: DiagnosisRule = {
  id: "app-port-conflict",
  about: "daprd is told that the app listens on a port that is its own, and ends.",
  source: "daprd 1.18 pkg/runtime/config.go; measured on 1.18.2",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["daprd-fatal"],
  advice: ["Set --app-port to main's port."],
  conclude(look) {
    const end = fatalEnd(
      look,
      /the '(?<argument>[\w-]+)' argument value (?<port>\d+) conflicts with '(?<other>[\w-]+)'/,
    );
    if (end === undefined) return undefined;
    const { port = "", argument = "" } = end.match.groups ?? {};
    const { mainPort } = look.record.plan;
    const { container } = end.daprd;
    return {
      cause: `daprd is told that the app listens on ${port}, which is its own ${argument}.`,
      evidence: [fromLine(end.line), { source: "plan", quote: `main listens on ${mainPort}` }],
      remedies:
        String(mainPort) === port
          ? [{ text: `let main listen on another port than ${port}` }]
          : [
              {
                text: `start daprd with --app-port ${mainPort}`,
                changes: [{ kind: "daprd-flag", container, flag: "app-port", value: String(mainPort) }],
              },
            ],
    };
  },
};
