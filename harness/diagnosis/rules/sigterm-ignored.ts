import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent } from "../evidence.ts";
import { mayBeShell, quoteStop, stopsOf } from "../stops.ts";

export const sigtermIgnored: DiagnosisRule = {
  id: "sigterm-ignored",
  about:
    "A program that is PID 1 itself does not end on SIGTERM within the grace: it ignores it, or what it finishes takes longer.",
  source: "A7.1; the kernel's default for PID 1 is to ignore SIGTERM",
  explains: ["stopsGracefully"],
  advice: [
    "Let the program handle SIGTERM and end within the grace.",
    "Raise WEBSITES_CONTAINER_STOP_TIME_LIMIT (at most 120 s) if what it finishes takes longer.",
  ],
  conclude(look) {
    const killed = stopsOf(look).find((stop) => stop.killed && !mayBeShell(look, stop.container));
    if (killed === undefined) return undefined;
    const { container, instance } = killed;
    const exit = look.lives(container, instance).at(-1)?.exit;
    return {
      cause: `"${container}" did not end within the ${look.record.plan.settings.stopTimeLimitSeconds} s after SIGTERM, and no shell stands between.`,
      evidence: [
        { source: "stop", quote: quoteStop(killed) },
        ...(exit === undefined ? [] : [fromEvent(exit)]),
      ],
      remedies: [
        { text: `let "${container}" end on SIGTERM` },
        {
          text: "set WEBSITES_CONTAINER_STOP_TIME_LIMIT to 120, if it needs longer for what is under way",
          changes: [{ kind: "app-setting", name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT", value: "120" }],
        },
      ],
    };
  },
};
