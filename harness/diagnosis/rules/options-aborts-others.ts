import { isInputBinding } from "../../dapr/component-files.ts";
import { BROKEN_BY_A_SILENT_BINDING } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { askedBindings, sayDirection } from "../options-probe.ts";

/** daprd goes through its input bindings in no particular order, and stops at the first question that fails. */
export const optionsAbortsOthers: DiagnosisRule = {
  id: "options-aborts-others",
  about:
    "daprd's question about another binding failed, which ends its loop over all of them, in no particular order.",
  source: "daprd 1.18 pkg/runtime/processor/binding/send.go; measured on 1.18.2",
  explains: BROKEN_BY_A_SILENT_BINDING,
  advice: ["Set direction: input for every input binding, so that none is asked about."],
  conclude(look) {
    const asked = askedBindings(look);
    const failed = asked.filter(
      ({ failure, sent, answers }) => failure !== undefined || (sent > 0 && answers.size === 0),
    );
    const [culprit] = failed;
    if (culprit === undefined) return undefined;
    const { daprd } = culprit;
    const silent = daprd.components.find((component) => {
      const counts = daprd.snapshot?.metrics?.inputBindingCount(component.name);
      const isQuestioned = asked.find((one) => one.component === component);
      return (
        component !== culprit.component &&
        isInputBinding(component) === "yes" &&
        look.concernsComponent(component.name) &&
        (isQuestioned === undefined || isQuestioned.sent === 0) &&
        (counts?.success ?? 0) + (counts?.failed ?? 0) === 0
      );
    });
    if (silent === undefined) return undefined;
    return {
      cause: `daprd's question OPTIONS ${culprit.route} about "${culprit.component.name}" failed, which ended its loop over the bindings before it came to "${silent.name}"; their order is random.`,
      evidence: [
        ...(culprit.failure === undefined ? [] : [fromLine(culprit.failure)]),
        { source: `metrics of ${daprd.container}`, quote: `"${silent.name}" never called the app` },
      ],
      remedies: [
        {
          text: `set direction: input for ${asked.map(({ component }) => `"${component.name}"`).join(" and ")}: none is asked about then`,
          changes: asked.flatMap((one) => sayDirection(one).changes ?? []),
        },
        { text: `let the app answer OPTIONS ${culprit.route} within 3 s` },
      ],
    };
  },
};
