import { BROKEN_BY_A_MISSING_COMPONENT } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";

/** daprd passes over what it can't read, and calls itself healthy. */
export const componentMalformed: DiagnosisRule = {
  id: "component-malformed",
  about: "A component's document can't be read; daprd skips it with a warning and calls itself healthy.",
  source: "daprd 1.18 pkg/internal/loader/disk; measured on 1.18.2",
  explains: BROKEN_BY_A_MISSING_COMPONENT,
  insteadOf: ["handler-fails"],
  advice: ["Correct the document; `sitecar lint` names the place."],
  conclude(look) {
    for (const daprd of look.daprds) {
      for (const { path, problems } of daprd.files) {
        const [problem] = problems;
        if (problem === undefined) continue;
        const warning = daprd.lines.find(
          ({ level, message }) => level === "warning" && message.includes(`resource in ${path}`),
        );
        return {
          cause: `daprd skips document ${problem.document} of ${path}, so its component does not exist: ${problem.message}.`,
          evidence: [
            { source: "component files", quote: `${path}, document ${problem.document}: ${problem.message}` },
            ...(warning === undefined ? [] : [fromLine(warning)]),
          ],
          remedies: [{ text: `correct ${path}; \`sitecar lint\` names the place` }],
        };
      }
    }
    return undefined;
  },
};
