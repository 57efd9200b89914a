import { BROKEN_BY_A_SILENT_BINDING } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { askedBindings, checkHealth, sayDirection } from "../options-probe.ts";

/** daprd waits 3 s for the answer and does not ask again. */
export const optionsHangs: DiagnosisRule = {
  id: "options-hangs",
  about:
    "The app does not answer daprd's OPTIONS within 3 s, or breaks the connection; the input binding stays silent for the life of daprd.",
  source: "daprd 1.18 pkg/runtime/processor/binding/send.go; dapr/dapr#10185; measured on 1.18.2",
  explains: BROKEN_BY_A_SILENT_BINDING,
  advice: [
    "Set direction: input for the binding.",
    "Let the app listen only when it can answer; with --enable-app-health-check daprd asks when it is healthy.",
  ],
  conclude(look) {
    for (const asked of askedBindings(look)) {
      const { daprd, component, route, sent, answers, failure } = asked;
      const unanswered = sent > 0 && answers.size === 0;
      if (!look.concernsComponent(component.name) || (failure === undefined && !unanswered)) continue;
      const broke = failure !== undefined && !failure.message.includes("deadline exceeded");
      return {
        cause: broke
          ? `the app broke the connection on which daprd asked OPTIONS ${route}, so daprd never reads binding "${component.name}".`
          : `the app did not answer OPTIONS ${route} within 3 s, so daprd never reads binding "${component.name}".`,
        evidence: [
          {
            source: `metrics of ${daprd.container}`,
            quote: `OPTIONS ${route}: sent ${sent}, answered ${[...answers.values()].reduce((sum, count) => sum + count, 0)}`,
          },
          ...(failure === undefined ? [] : [fromLine(failure)]),
        ],
        remedies: [
          sayDirection(asked),
          checkHealth(asked),
          { text: `let the app answer OPTIONS ${route} within 3 s from its first moment on` },
        ],
      };
    }
    return undefined;
  },
};
