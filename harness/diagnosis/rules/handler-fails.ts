import { BROKEN_BY_A_HANDLER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine } from "../evidence.ts";
import { failedDeliveries } from "../failed-calls.ts";

export const handlerFails: DiagnosisRule = {
  id: "handler-fails",
  about:
    "The app answers a tick with something else than 2xx, or can't be reached; daprd says so at the level debug alone, and the tick is lost.",
  source: "components-contrib 1.18.3 bindings/cron/cron.go; measured on daprd 1.18.2",
  explains: BROKEN_BY_A_HANDLER,
  advice: [
    "Let the handler answer 2xx only when its work is done, and catch up at the next tick what failed.",
    "A Resiliency inbound retry on the component posts again; the handler has to answer exactly 200 then.",
  ],
  conclude(look) {
    const { observedUntilMs } = look.record;
    const failed = look
      .events("tick")
      .find(
        ({ success, component, tMs, latencyMs }) =>
          !success && tMs - latencyMs <= observedUntilMs && look.concernsComponent(component),
      );
    const delivery = failedDeliveries(look).find(({ line }) => line.line.tMs <= observedUntilMs);
    if (failed === undefined && delivery === undefined) return undefined;
    const reason = delivery?.line.message ?? "";
    const status = /status code: (?<status>\d+)/.exec(reason)?.groups?.["status"];
    const component = failed?.component ?? delivery?.binding ?? "";
    const unreachable = /connection refused|EOF|connection reset/.test(reason);
    return {
      cause: unreachable
        ? `main could not be reached when "${component}" fired; that tick is lost.`
        : `the handler of "${component}" failed${status === undefined ? "" : ` with ${status}`}; daprd does not try again, so that tick is lost.`,
      evidence: [
        ...(failed === undefined ? [] : [fromEvent(failed)]),
        ...(delivery === undefined ? [] : [fromLine(delivery.line)]),
      ],
      remedies: [
        unreachable
          ? { text: "let the work not depend on one tick: catch up at the next" }
          : { text: "let the handler not fail, or catch up at the next tick what failed" },
      ],
    };
  },
};
