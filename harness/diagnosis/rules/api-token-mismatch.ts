import { BROKEN_BY_A_DEAD_CONTAINER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";

const TOKEN = "DAPR_API_TOKEN";

export const apiTokenMismatch: DiagnosisRule = {
  id: "api-token-mismatch",
  about:
    "daprd wants an API token that the client does not send; its metadata answers 401, and the sidecar looks dead.",
  source: "daprd 1.18 pkg/api/http; dapr/js-sdk 3.18; measured",
  explains: BROKEN_BY_A_DEAD_CONTAINER,
  insteadOf: ["sdk-gave-up", "handler-fails", "handler-slower-than-interval", "container-crashed"],
  advice: ["Give main the same DAPR_API_TOKEN as the sidecar; an app setting reaches both."],
  conclude(look) {
    for (const { container, snapshot } of look.daprds) {
      const wanted = look.environment(container)[TOKEN];
      if (wanted === undefined || wanted === "") continue;
      const sent = look.environment(look.main)[TOKEN];
      const line = look
        .lines(look.main)
        .find(({ message }) => /DAPR_SIDECAR_COULD_NOT_BE_STARTED|invalid api token/i.test(message));
      // Saved plans mask tokens: that both have one says nothing then, but the client's complaint does.
      const differs = sent === undefined || sent === "" || sent !== wanted || line !== undefined;
      if (!differs || (line === undefined && sent === wanted)) continue;
      if (line !== undefined && snapshot?.health === null) continue; // it does not answer at all
      return {
        cause: `"${container}" wants an API token${sent === undefined || sent === "" ? `, and "${look.main}" has none` : `, and the one of "${look.main}" is another`}: each call is answered with 401, which the client takes for a sidecar that is not there.`,
        evidence: [
          {
            source: "plan",
            quote: `${container} has ${TOKEN}; ${look.main} ${sent === undefined ? "has not" : "has one"}`,
          },
          ...(line === undefined ? [] : [fromLine(line)]),
          ...(snapshot === undefined
            ? []
            : [
                {
                  source: `metadata of ${container}`,
                  quote: `healthz ${snapshot.health ?? "no answer"}, metadata ${snapshot.metadata === null ? "refused" : "answered"}`,
                },
              ]),
        ],
        remedies: [
          {
            text: `give "${look.main}" the same ${TOKEN} as "${container}"`,
            changes: [
              { kind: "environment", container: look.main, name: TOKEN, value: { sameAs: container } },
            ],
          },
        ],
      };
    }
    return undefined;
  },
};
