import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine } from "../evidence.ts";
import { fatalEnds } from "../fatal-lines.ts";

/** What no other rule knows better: daprd's own last word. */
export const daprdFatal: DiagnosisRule = {
  id: "daprd-fatal",
  about: "daprd ends by itself, and says why.",
  source: "daprd 1.18 cmd/daprd/app/app.go: every fatal error ends it with exit code 1",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  advice: ["Correct what daprd's last message names: a component's file, a flag, a port."],
  conclude(look) {
    const [end] = fatalEnds(look);
    if (end === undefined) return undefined;
    const exit = end.life?.exit;
    const [message = ""] = end.line.message.replace(/^Fatal error from runtime: /, "").split("\n");
    return {
      cause: `daprd ended by itself: ${message}.`,
      evidence: [fromLine(end.line), ...(exit === undefined ? [] : [fromEvent(exit)])],
      remedies: [{ text: "correct what its message names" }],
    };
  },
};
