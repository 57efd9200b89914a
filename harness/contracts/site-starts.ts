import type { EventOf } from "../timeline/events.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { inInstance, observed, seconds, settleTimeRanOut, startLimitMs } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/** The site reaches `Started` within its start limit (A2.6), in every instance whose schedule began. */
export const siteStarts: BuiltInContract = {
  name: "siteStarts",
  promise: "The site reaches Started within its start limit.",
  about:
    "By the platform's state of every instance. Without `Started`, the contract is broken when the platform gave the start up, the limit has passed, or a trial of the laboratory has waited for as long as it was told to (40 s after the last start), else `unknown`.",
  symptoms: ['the start is cancelled: container "…" exits', "main does not answer the warm-up"],
  judge: (record) => {
    const began = observed(record, "schedule.began");
    const judgements = began.map((event) => judgeInstance(record, event));
    const broken = judgements.filter(({ verdict }) => verdict === "broken");
    if (broken.length > 0) return broken;
    const [first] = judgements;
    if (first === undefined) return [];
    return [
      {
        contract: "siteStarts",
        verdict: judgements.every(({ verdict }) => verdict === "held") ? "held" : "unknown",
        evidence: judgements.flatMap(({ evidence }) => evidence),
      },
    ];
  },
};

function judgeInstance(record: RunRecord, { instance, tMs: beganMs }: EventOf<"schedule.began">): Judgement {
  const contract = "siteStarts";
  const where = inInstance(record, instance);
  const states = observed(record, "platform.state").filter(
    (event) => event.instance === instance && event.tMs >= beganMs,
  );
  const started = states.find(({ details }) => details === "Started");
  if (started !== undefined) {
    const evidence = [`main answered the warm-up after ${seconds(started.tMs - beganMs)}${where}`];
    return { contract, verdict: "held", evidence };
  }
  const limitMs = startLimitMs(record);
  const cancelled = states.find(({ details }) => details === "CancellingStartup");
  const lookedMs = (cancelled?.tMs ?? record.observedUntilMs) - beganMs;
  const exit = observed(record, "container.exited").find(
    (event) => event.instance === instance && !event.asked && event.tMs >= beganMs,
  );
  const probe = observed(record, "probe.changed").findLast(
    (event) => event.probe === "warm-up" && event.instance === instance,
  );
  const isOver = lookedMs >= limitMs || settleTimeRanOut(record);
  const evidence = [
    ...(cancelled === undefined && isOver
      ? [`not started${where} ${seconds(lookedMs)} after the start began; the limit is ${seconds(limitMs)}`]
      : []),
    ...(cancelled?.lastError === undefined || cancelled.lastError === null
      ? []
      : [`the platform gave the start up after ${seconds(lookedMs)}${where}: ${cancelled.lastError}`]),
    ...(exit === undefined
      ? []
      : [`container "${exit.container}" had ended with ${exit.exitCode} at +${seconds(exit.tMs)}`]),
    ...(probe === undefined
      ? []
      : [`main's last answer to the warm-up was ${probe.status ?? "none"}: ${probe.detail}`]),
  ];
  if (cancelled?.lastError === "ContainerStartupFailure" && exit !== undefined) {
    return {
      contract,
      verdict: "broken",
      symptom: `the start is cancelled: container "${exit.container}" exits`,
      because: `nothingExits(${JSON.stringify(exit.container)})`,
      evidence,
      remedy: `see why "${exit.container}" ends; a container that ends during the start cancels it (A3.3).`,
    };
  }
  if (cancelled?.lastError === "ContainerTimeout" || isOver) {
    return {
      contract,
      verdict: "broken",
      symptom: "main does not answer the warm-up",
      ...(exit === undefined ? {} : { because: `nothingExits(${JSON.stringify(exit.container)})` }),
      evidence,
      remedy:
        "let main listen without waiting for anything else, or raise WEBSITES_CONTAINER_START_TIME_LIMIT (A2.6).",
    };
  }
  return {
    contract,
    verdict: "unknown",
    evidence: [
      `not started${where} when the observation ended, ${seconds(lookedMs)} of ${seconds(limitMs)} after the start began`,
      ...evidence,
    ],
  };
}
