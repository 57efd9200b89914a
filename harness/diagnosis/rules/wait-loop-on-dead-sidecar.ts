import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine, inSeconds } from "../evidence.ts";

export const waitLoopOnDeadSidecar: DiagnosisRule = {
  id: "wait-loop-on-dead-sidecar",
  about: "Main waits for a port of a sidecar that has ended or never ran, and so never listens itself.",
  source:
    "A3.1: no order is guaranteed, and a sidecar that ends is not always started again; the example's entrypoint",
  explains: ["siteStarts", "bindingsActive", "ticksDelivered", "ticksHaveEffect"],
  insteadOf: ["start-limit", "app-never-found"],
  advice: [
    "Let main listen first and wait for the sidecar where it needs it, with a limit.",
    "Cure what ended the sidecar; let its entrypoint start it again.",
  ],
  conclude(look) {
    const { plan, observedUntilMs } = look.record;
    for (const { container, lives, instance } of look.daprds) {
      const last = lives.at(-1);
      const mainLife = look.lives(look.main, instance).at(-1);
      const isDead = last === undefined || (last.exit !== undefined && last.exit.tMs <= observedUntilMs);
      const mainEnded =
        mainLife?.exit !== undefined && mainLife.exit.tMs < observedUntilMs && !mainLife.exit.asked;
      if (!isDead || mainLife === undefined || mainEnded) continue;
      const listened = look
        .events("port.opened")
        .some(
          (event) =>
            event.port === plan.mainPort && (event.instance === undefined || event.instance === instance),
        );
      if (listened) continue;
      const waiting = look
        .lines(look.main)
        .filter(({ message }) => /\bwait/i.test(message))
        .at(-1);
      return {
        cause: `"${look.main}" ran for ${inSeconds(observedUntilMs - mainLife.startedMs)} without listening on its port: it waits for "${container}", which ${last?.exit === undefined ? "was never started" : "had ended"}.`,
        evidence: [
          ...(last?.exit === undefined ? [] : [fromEvent(last.exit)]),
          ...(waiting === undefined ? [] : [fromLine(waiting)]),
          { source: "timeline", quote: `no port.opened: port=${plan.mainPort}` },
        ],
        remedies: [
          { text: `let main listen first, and wait for "${container}" only where it needs it, with a limit` },
          { text: `let the entrypoint of "${container}" start its program again when it ends` },
        ],
      };
    }
    return undefined;
  },
};
