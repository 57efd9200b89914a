import { judgeReadiness } from "../dapr/readiness.ts";
import { bindingLives, READING_MS, type BindingLife } from "./binding-lives.ts";
import { followsFromExit } from "./consequence.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { isExcused, missedTicks } from "./due-ticks.ts";
import { mergeInstances } from "./merge-instances.ts";
import { inInstance, observed, originOf, seconds } from "./observation.ts";
import { overlapsOf } from "./overlaps.ts";
import { postsAgain } from "./posts-again.ts";
import type { RunRecord } from "./run-record.ts";
import { ANSWER_200, BE_FASTER, SEE_DAPRD, seeTheAnswer } from "./tick-remedies.ts";
import { judgeVirtualTicks } from "./virtual-ticks.ts";

/**
 * Each due tick of a cron binding had exactly one successful delivery. Not counted are ticks while the schedule or a fault has
 * something of the site out of reach, until one interval after it is back.
 */
export const ticksDelivered: BuiltInContract = {
  name: "ticksDelivered",
  promise: "Each due tick of a cron binding has exactly one successful delivery.",
  about:
    "By daprd's counters, which are read every tenth of a second. Due ticks follow from the schedule and from when daprd found the app; `@every` counts from tick to tick. Not counted is what the schedule or a fault disturbs, until one interval after everything is back, what may still be under way at the end, and what a storage or container that the schedule starts late can't do yet. `unknown` where no tick was due, and where the counters could not be read. In virtual time ticks are due when its clock says so, and are counted one by one; none overlap there.",
  symptoms: [
    'ticks of "…" fail',
    'ticks of "…" are missed',
    'ticks of "…" are posted again',
    'ticks of "…" overlap',
  ],
  judge: (record) =>
    mergeInstances(
      [...Map.groupBy(bindingLives(record), ({ component }) => component.name).values()].flatMap((lives) =>
        judgeBinding(record, lives),
      ),
    ),
};

function judgeBinding(record: RunRecord, lives: readonly BindingLife[]): readonly Judgement[] {
  const [first] = lives;
  if (first === undefined) return [];
  const contract = `ticksDelivered(${JSON.stringify(first.component.name)})`;
  if (record.plan.virtualTime !== undefined) return [judgeVirtualTicks(record, first.component, contract)];
  const broken = lives.flatMap((binding) => [
    ...failed(record, binding),
    ...missed(record, binding),
    ...postedAgain(record, binding),
    ...overlapping(record, binding),
  ]);
  const certain = broken.filter(({ verdict }) => verdict === "broken");
  if (certain.length > 0) return certain.map((judgement) => ({ ...judgement, contract }));
  const [doubtful] = broken;
  if (doubtful !== undefined) return [{ ...doubtful, contract }];
  const blind = observersThatFailed(record);
  if (blind.length > 0) return [{ contract, verdict: "unknown", evidence: blind }];
  const counted = lives.reduce(
    (sum, { calls, unseen }) => sum + calls.length + unseen.success + unseen.failed,
    0,
  );
  return counted === 0
    ? [
        {
          contract,
          verdict: "unknown",
          nothingDue: true,
          evidence: ["no tick was due while it could be seen"],
        },
      ]
    : [{ contract, verdict: "held", evidence: [`${counted} ticks, each due one delivered once`] }];
}

type Found = Omit<Judgement, "contract">;

function failed(record: RunRecord, binding: BindingLife): readonly Found[] {
  const originMs = originOf(record);
  const { component, calls, unseen, life, instance } = binding;
  const counted = calls.filter(
    ({ success, calledMs, doneMs }) =>
      !success && !isExcused(binding, { fromMs: calledMs, toMs: doneMs }, originMs),
  );
  const last = { fromMs: life.toMs - READING_MS, toMs: life.toMs };
  const late = isExcused(binding, last, originMs) ? 0 : unseen.failed;
  if (counted.length + late === 0) return [];
  const times = counted.slice(0, 3).map(({ calledMs }) => `+${seconds(calledMs)}`);
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${component.name}" fail`,
      ...followsFromExit(record, instance, (counted[0]?.doneMs ?? life.toMs) + READING_MS),
      evidence: [
        `${counted.length + late} of ${calls.length + unseen.success + unseen.failed} deliveries failed${inInstance(record, instance)}${
          times.length === 0 ? "" : `, called at ${times.join(", ")}${counted.length > 3 ? ", …" : ""}`
        }`,
      ],
      remedy: seeTheAnswer(component),
    },
  ];
}

function missed(record: RunRecord, binding: BindingLife): readonly Found[] {
  const found = missedTicks(binding, { untilMs: record.observedUntilMs, originMs: originOf(record) });
  if (found === undefined) return [];
  const blind = observersThatFailed(record);
  const { component, instance } = binding;
  const evidence = [
    `${found.count} due ticks were not delivered${inInstance(record, instance)}, the first at about +${seconds(found.firstMs)}`,
  ];
  if (!found.certain || blind.length > 0) {
    const doubt = "daprd's counters could not be read at the end, so they may have been under way";
    return [{ verdict: "unknown", evidence: [...evidence, ...(found.certain ? blind : [doubt])] }];
  }
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${component.name}" are missed`,
      ...(isSilent(record, binding)
        ? { because: `bindingsActive(${JSON.stringify(component.name)})` }
        : followsFromExit(record, instance, found.firstMs + READING_MS)),
      evidence,
      remedy: SEE_DAPRD,
    },
  ];
}

/** It never fired, and daprd's account says that it does not read it. */
function isSilent(
  record: RunRecord,
  { component, container, instance, calls, unseen }: BindingLife,
): boolean {
  const snapshot = record.snapshots.get(instance)?.get(container);
  if (snapshot === undefined || calls.length + unseen.success + unseen.failed > 0) return false;
  const { inputBindings } = judgeReadiness(record.componentFiles.get(container) ?? [], snapshot);
  return inputBindings.some((one) => one.component === component.name && one.state !== "active");
}

/** A retry policy takes every answer but 200 for a failure, 204 too (daprd.md §2). */
function postedAgain(record: RunRecord, binding: BindingLife): readonly Found[] {
  const again = postsAgain(record, binding);
  if (again === undefined) return [];
  const { posts, route, statuses, delivered } = again;
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${binding.component.name}" are posted again`,
      evidence: [
        `${posts} posts to ${route} were answered ${statuses.join(", ")}, for ${delivered} ticks${inInstance(record, binding.instance)}`,
      ],
      remedy: ANSWER_200,
    },
  ];
}

function overlapping(record: RunRecord, binding: BindingLife): readonly Found[] {
  const { component, calls, instance } = binding;
  const { slow, together } = overlapsOf(record, binding);
  if (slow.length === 0 && together === 0) return [];
  const longest = Math.max(...slow.map(({ calledMs, doneMs }) => doneMs - calledMs));
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${component.name}" overlap`,
      evidence: [
        ...(slow.length === 0
          ? []
          : [
              `${slow.length} of ${calls.length} calls took longer than the interval${inInstance(record, instance)}, the longest ${seconds(longest)}`,
            ]),
        ...(together === 0
          ? []
          : [`${together} calls were under way at the end${inInstance(record, instance)}`]),
      ],
      remedy: BE_FASTER,
    },
  ];
}

function observersThatFailed(record: RunRecord): readonly string[] {
  return observed(record, "observer.failed")
    .filter(({ observer }) => observer.endsWith("metrics"))
    .map(({ tMs, observer, detail }) => `${observer} could not be observed at +${seconds(tMs)}: ${detail}`);
}
