import { BROKEN_BY_A_SILENT_BINDING } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { askedBindings, checkHealth, sayDirection } from "../options-probe.ts";

/** 2xx and 405 alone mean yes; Hono's 404 for a route of `app.post`, a guard's 401, a redirect mean no, for good. */
export const optionsAnswered: DiagnosisRule = {
  id: "options-answered",
  about:
    "The app answers daprd's OPTIONS with neither 2xx nor 405, and the input binding stays silent for the life of daprd.",
  source: "daprd 1.18 pkg/runtime/processor/binding/send.go; dapr/dapr#7828; measured on 1.18.2",
  explains: BROKEN_BY_A_SILENT_BINDING,
  advice: [
    "Set direction: input for the binding.",
    "Let the app answer OPTIONS of the route with 2xx, from its first moment on.",
    "With --enable-app-health-check daprd asks again when the app becomes healthy.",
  ],
  conclude(look) {
    for (const asked of askedBindings(look)) {
      const { daprd, component, route, answers, failure } = asked;
      const refused = [...answers.keys()].filter(
        (status) => Math.floor(status / 100) !== 2 && status !== 405,
      );
      if (!look.concernsComponent(component.name) || refused.length === 0 || failure !== undefined) continue;
      const line = daprd.lines.find(({ message }) =>
        message.startsWith(`app has not subscribed to binding ${component.name}`),
      );
      return {
        cause: `the app answered OPTIONS ${route} with ${refused.join(" and ")}, so daprd leaves binding "${component.name}" alone for the rest of its life.`,
        evidence: [
          {
            source: `metrics of ${daprd.container}`,
            quote: `dapr_http_client_completed_count method=OPTIONS path=${route}: ${[...answers].map(([status, count]) => `${status} × ${count}`).join(", ")}`,
          },
          {
            source: "component files",
            quote: `${component.path}: "${component.name}" states no direction input`,
          },
          ...(line === undefined ? [] : [fromLine(line)]),
        ],
        remedies: [
          sayDirection(asked),
          {
            text: `let the app answer OPTIONS ${route} with 2xx (Hono: app.all instead of app.post), as soon as it listens`,
          },
          checkHealth(asked),
        ],
      };
    }
    return undefined;
  },
};
