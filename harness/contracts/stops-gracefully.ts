import { bindingLives, type BindingLife } from "./binding-lives.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { disturbancesOf } from "./disturbances.ts";
import { inInstance, seconds } from "./observation.ts";
import { mergeInstances } from "./merge-instances.ts";
import type { RecordedStop, RunRecord } from "./run-record.ts";
import { onlyEffect } from "./ticks-have-effect.ts";

/** When the site is stopped, every container ends with 0 within the grace (A7.1), and no tick that is under way is lost. */
export const stopsGracefully: BuiltInContract = {
  name: "stopsGracefully",
  promise: "A stop loses no accepted work, and everything ends with 0 within the grace.",
  about:
    "By exit codes, and for ticks that were under way at SIGTERM by daprd's counters and, where each tick makes a blob, by the blobs. `unknown` for a run that was not stopped as the platform stops a site, and for a paused container.",
  symptoms: [
    'container "…" killed at the end of the grace',
    'container "…" ends with … when it is stopped',
    'ticks of "…" under way are lost when the site is stopped',
  ],
  judge: (record) => {
    if (record.stopped === undefined) {
      const evidence = ["the site was not stopped as the platform stops one"];
      return [{ contract: "stopsGracefully", verdict: "unknown", evidence }];
    }
    return mergeInstances([
      ...record.stopped.map((stop) => judgeContainer(record, stop)),
      ...judgeWork(record, record.stopped),
    ]);
  },
};

function judgeContainer(record: RunRecord, stop: RecordedStop): Judgement {
  const { container, exitCode, afterMs, killed, instance } = stop;
  const contract = `stopsGracefully(${JSON.stringify(container)})`;
  const how = `ended with ${exitCode} ${seconds(afterMs)} after SIGTERM${inInstance(record, instance)}`;
  const paused = disturbancesOf(record).some(
    (one) =>
      one.what === `"${container}" is paused` &&
      one.instance === instance &&
      one.toMs === Number.POSITIVE_INFINITY,
  );
  if (paused) {
    return {
      contract,
      verdict: "unknown",
      evidence: [`${how}; it was paused and could not hear the signal`],
    };
  }
  if (killed) {
    return {
      contract,
      verdict: "broken",
      symptom: `container "${container}" killed at the end of the grace`,
      evidence: [how],
      remedy:
        "let the container's first process hear SIGTERM: exec the program in the entrypoint, and handle the signal; or raise WEBSITES_CONTAINER_STOP_TIME_LIMIT (A7.1).",
    };
  }
  if (exitCode !== 0) {
    return {
      contract,
      verdict: "broken",
      symptom: `container "${container}" ends with ${exitCode} when it is stopped`,
      evidence: [how],
      remedy: "finish what is under way on SIGTERM and end with 0.",
    };
  }
  return { contract, verdict: "held", evidence: [how] };
}

/** By what daprd counted while it was stopped, and by the blobs where each tick makes one. */
function judgeWork(record: RunRecord, stopped: readonly RecordedStop[]): readonly Judgement[] {
  const lives = bindingLives(record).filter(({ life }) => life.exit === undefined);
  return [...Map.groupBy(lives, ({ component }) => component.name)].flatMap(
    ([name, bindings]): Judgement[] => {
      const contract = `stopsGracefully(${JSON.stringify(name)})`;
      const pending = bindings.reduce((sum, one) => sum + (one.pending ?? 0), 0);
      const failed = record.events.filter(
        (event) =>
          event.type === "tick" &&
          event.component === name &&
          !event.success &&
          event.tMs > record.observedUntilMs &&
          event.tMs - event.latencyMs < record.observedUntilMs,
      );
      if (pending === 0 && failed.length === 0) return [];
      const killed = stopped.filter((one) => one.killed).map(({ container }) => `"${container}"`);
      const because = killed.length === 0 ? {} : { because: `stopsGracefully(${killed[0]})` };
      const lost = lostBlobs(record, bindings, pending);
      const evidence = [`${pending} ticks were under way when SIGTERM was sent`];
      if (failed.length > 0 || (lost ?? 0) > 0) {
        return [
          {
            contract,
            verdict: "broken",
            symptom: `ticks of "${name}" under way are lost when the site is stopped`,
            ...because,
            evidence: [
              ...evidence,
              ...(failed.length === 0 ? [] : [`${failed.length} of them failed`]),
              ...(lost === undefined || lost === 0
                ? []
                : [`${lost} blobs that they should have made are missing`]),
            ],
            remedy:
              "finish the handler before the app ends, and keep daprd's API open for it: --dapr-block-shutdown-duration (daprd.md §1.4).",
          },
        ];
      }
      return [{ contract, verdict: lost === undefined ? "unknown" : "held", evidence }];
    },
  );
}

/** Blobs that the ticks before the stop should have made, and that are not there; `undefined`: blobs do not tell. */
function lostBlobs(record: RunRecord, bindings: readonly BindingLife[], pending: number): number | undefined {
  const effect = onlyEffect(record);
  if (effect === undefined) return undefined;
  const accepted = record.events.filter(
    (event) =>
      event.type === "tick" &&
      event.component === effect.cron.name &&
      event.success &&
      event.tMs <= record.observedUntilMs,
  ).length;
  const unseen = bindings.reduce((sum, one) => sum + one.unseen.success, 0);
  return Math.max(0, accepted + unseen + pending - effect.blobs.length);
}
