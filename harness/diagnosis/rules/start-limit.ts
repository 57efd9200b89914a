import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent } from "../evidence.ts";

/** The longest `WEBSITES_CONTAINER_START_TIME_LIMIT`, seconds (A2.6). */
const LONGEST_START_SECONDS = 1800;

export const startLimit: DiagnosisRule = {
  id: "start-limit",
  about: "Main gives the platform's warm-up no answer within the start limit, and nothing else explains it.",
  source: "A2.4, A2.6",
  explains: ["siteStarts"],
  advice: [
    "Let main listen on its targetPort, on 0.0.0.0, as soon as it runs.",
    "Raise WEBSITES_CONTAINER_START_TIME_LIMIT (at most 1800 s).",
  ],
  conclude(look) {
    const { plan } = look.record;
    if (look.events("platform.state").some(({ state }) => state === "Started")) return undefined;
    const limit = plan.settings.startTimeLimitSeconds;
    const timedOut = look.events("platform.state").find(({ lastError }) => lastError === "ContainerTimeout");
    const mainEnded = look.lives(look.main).some(({ exit }) => exit !== undefined && !exit.asked);
    if (mainEnded) return undefined;
    const probe = look.events("probe.changed").findLast((event) => event.probe === "warm-up");
    const opened = look.events("port.opened").filter(({ container }) => container === look.main);
    const elsewhere = opened.find(({ port }) => port !== plan.mainPort);
    const atMain = look.events("port.opened").find(({ port }) => port === plan.mainPort);
    const what =
      atMain === undefined
        ? elsewhere === undefined
          ? `never opened its port ${plan.mainPort}`
          : `listens on ${elsewhere.port}, and the platform asks ${plan.mainPort}`
        : probe?.status === null || probe === undefined
          ? `opened its port ${plan.mainPort} (${atMain.address}) and gave the warm-up no answer`
          : `answered the warm-up with ${probe.status}, which does not count`;
    return {
      cause: `main ${what}${timedOut === undefined ? "" : ` within the start limit of ${limit} s`}.`,
      evidence: [
        ...(probe === undefined ? [] : [fromEvent(probe)]),
        ...(atMain === undefined ? [] : [fromEvent(atMain)]),
        ...(atMain === undefined && elsewhere !== undefined ? [fromEvent(elsewhere)] : []),
        ...(timedOut === undefined ? [] : [fromEvent(timedOut)]),
      ],
      remedies: [
        { text: `let main listen on 0.0.0.0:${plan.mainPort} as soon as it runs` },
        ...(timedOut === undefined || limit >= LONGEST_START_SECONDS
          ? []
          : [
              {
                text: `set WEBSITES_CONTAINER_START_TIME_LIMIT to ${LONGEST_START_SECONDS}`,
                changes: [
                  {
                    kind: "app-setting" as const,
                    name: "WEBSITES_CONTAINER_START_TIME_LIMIT",
                    value: String(LONGEST_START_SECONDS),
                  },
                ],
              },
            ]),
      ],
    };
  },
};
