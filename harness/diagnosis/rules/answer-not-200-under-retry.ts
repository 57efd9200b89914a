import { bindingRoute, isInputBinding } from "../../dapr/component-files.ts";
import { BROKEN_BY_A_HANDLER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";

export const answerNot200UnderRetry: DiagnosisRule = {
  id: "answer-not-200-under-retry",
  about:
    "Under a Resiliency retry every answer but exactly 200 counts as a failure, 204 too, and the tick is posted again.",
  source: "daprd 1.18 pkg/runtime/processor/binding/send.go; measured on 1.18.2",
  explains: BROKEN_BY_A_HANDLER,
  insteadOf: ["handler-fails"],
  advice: ["Answer exactly 200.", "Or take the binding out of the Resiliency's targets."],
  conclude(look) {
    for (const { container, components, snapshot, lines } of look.daprds) {
      const { metrics } = snapshot ?? {};
      for (const component of components.filter((one) => isInputBinding(one) !== "no")) {
        if (metrics === undefined || metrics === null || !look.concernsComponent(component.name)) continue;
        const route = bindingRoute(component);
        const posts = metrics.select("dapr_http_client_completed_count", { method: "POST", path: route });
        const { success, failed } = metrics.inputBindingCount(component.name);
        const total = posts.reduce((sum, { value }) => sum + value, 0);
        const odd = posts.filter(
          ({ labels }) => labels["status"]?.startsWith("2") === true && labels["status"] !== "200",
        );
        if (odd.length === 0 || total <= success + failed) continue;
        const statuses = odd.map(({ labels }) => labels["status"]).join(" and ");
        const retrying = lines.find(({ message }) =>
          message.startsWith(`Error processing operation component[${component.name}] input. Retrying`),
        );
        return {
          cause: `the handler of "${component.name}" answers ${statuses}, which a retry policy takes for a failure: ${total} posts for ${success + failed} ticks.`,
          evidence: [
            {
              source: `metrics of ${container}`,
              quote: `POST ${route}: ${posts.map(({ labels, value }) => `${labels["status"]} × ${value}`).join(", ")}; ticks: ${success} ok, ${failed} failed`,
            },
            ...(retrying === undefined ? [] : [fromLine(retrying)]),
          ],
          remedies: [
            { text: "let the handler answer exactly 200" },
            { text: `take "${component.name}" out of the Resiliency's targets` },
          ],
        };
      }
    }
    return undefined;
  },
};
