import { BROKEN_BY_A_DEAD_CONTAINER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import type { LogLine } from "../log-line.ts";
import type { Look } from "../look.ts";

const TOKEN = "DAPR_API_TOKEN";
const GAVE_UP = /DAPR_SIDECAR_COULD_NOT_BE_STARTED|invalid api token/i;
/** The client prints it each time that it has asked in vain, twice a second. */
const ASKS_ON = /Awaiting Sidecar to be Started/;
/** Of a daprd that has been well for so long the client has had its answer, and took it for none. */
const ANSWERED_WITHIN_MS = 2_000;

export const apiTokenMismatch: DiagnosisRule = {
  id: "api-token-mismatch",
  about:
    "daprd wants an API token that the client does not send; its metadata answers 401, and the sidecar looks dead.",
  source: "daprd 1.18 pkg/api/http; dapr/js-sdk 3.18; measured",
  explains: BROKEN_BY_A_DEAD_CONTAINER,
  insteadOf: ["sdk-gave-up", "handler-fails", "handler-slower-than-interval", "container-crashed"],
  advice: ["Give main the same DAPR_API_TOKEN as the sidecar; an app setting reaches both."],
  conclude(look) {
    for (const { container, instance, snapshot } of look.daprds) {
      const wanted = look.environment(container)[TOKEN];
      if (wanted === undefined || wanted === "") continue;
      const sent = look.environment(look.main)[TOKEN];
      const line = complaint(look, container, instance);
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

function complaint(look: Look, container: string, instance: string): LogLine | undefined {
  const lines = look.lines(look.main);
  const gaveUp = lines.find(({ message }) => GAVE_UP.test(message));
  const healthz = look
    .events("probe.changed")
    .findLast(
      (event) =>
        event.probe === "healthz" &&
        event.container === container &&
        (event.instance ?? instance) === instance &&
        event.tMs < look.record.observedUntilMs,
    );
  if (gaveUp !== undefined || healthz?.status !== 204) return gaveUp;
  return lines.find(
    ({ line, message }) => ASKS_ON.test(message) && line.tMs > healthz.tMs + ANSWERED_WITHIN_MS,
  );
}
