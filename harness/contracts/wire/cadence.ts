import { bindingRoute } from "../../dapr/component-files.ts";
import type { BuiltInContract, Judgement } from "../contract.ts";
import { mergeInstances } from "../merge-instances.ts";
import { inInstance } from "../observation.ts";
import { noSuchBinding } from "../no-such-binding.ts";
import type { RunRecord } from "../run-record.ts";
import { ANSWER_200, BE_FASTER, SEE_DAPRD, seeTheAnswer } from "../tick-remedies.ts";
import type { CadenceBounds } from "./cadence-bounds.ts";
import { faultsOf, type CadenceFault } from "./cadence-checks.ts";
import { cadenceOfBinding, type Cadence } from "./cadence-figures.ts";
import { countAgreement, type CountAgreement } from "./count-agreement.ts";
import { describeCadence } from "./describe-cadence.ts";
import { unawaited } from "./virtual-cadence.ts";
import { cronBindingsOf } from "./input-bindings.ts";
import { seenBindings, type SeenBinding } from "./seen-binding.ts";
import { WITH_TAP } from "./tap-view.ts";

/**
 * Contract: a cron binding ticks as its schedule says, within bounds: how many ticks, the first one, intervals and jitter, none
 * missed, none twice, none over another, the same phase after an outage. Measured on the wire, and held against daprd's own count; of
 * a run without a tap by daprd's counters, whose times are good to 0.4 s: what can't be told that exactly is `unknown`.
 *
 * Time in which the schedule, a fault or the harness's user had something of the site out of reach is not counted, until one
 * interval after it was back. The judgement's `figures` are one {@link Cadence} for each instance.
 * @param component the binding's name in its component file.
 */
export function cadence(component: string, bounds: CadenceBounds = {}): BuiltInContract {
  const contract = `cadence(${JSON.stringify(component)})`;
  return {
    name: contract,
    promise: `"${component}" ticks as its schedule says.`,
    about:
      "On the wire, and held against daprd's own count; of a run without a tap by daprd's counters, whose times are good to 0.4 s: what can't be told that exactly is `unknown`. When ticks are due follows from the schedule, in its time zone or the container's, and from when daprd began to read the binding. Not counted is what the schedule or a fault disturbs, until one interval after everything is back. Bounds are the user's (`CadenceBounds`): `count`, `firstTickMs`, `intervalMs`, `jitterMs`, `missed`, `duplicated`, `overlapping`, `failed`, `phaseShiftMs`. By default none may be missed, posted again, over another or failed, and each comes within a quarter of the interval, at most 250 ms, of when it is due, after an outage too. What it measured is in the judgement's `figures`, and `cadenceOf(record, \"batch\")` gives it to a test. What it says of missed, repeated, overlapping and failed ticks follows from `ticksDelivered` where that is judged.",
    symptoms: [
      "there is no cron binding …",
      "too few ticks of …",
      "too many ticks of …",
      "the first tick of … comes at another time",
      "the interval of … is out of bounds",
      "ticks of … are irregular",
      "ticks of … are missed",
      "ticks of … are posted again",
      "ticks of … overlap",
      "ticks of … fail",
      "ticks of … change their phase",
      "ticks of … are posted that daprd does not count",
      "daprd takes ticks of … for failures that the app has answered with success",
    ],
    judge: (record) => {
      const seen = seenBindings(record, component);
      if (seen.length === 0) return [judgeNone(record, contract, component)];
      const judged = seen.map((binding) => judgeBinding(record, binding, bounds));
      const figures = judged.map(({ figures: own }) => own);
      return mergeInstances(judged.flatMap(({ found }) => found.map((one) => ({ ...one, contract })))).map(
        (judgement) => ({ ...judgement, figures }),
      );
    },
  };
}

type Found = Omit<Judgement, "contract">;

interface Judged {
  readonly figures: Cadence;
  readonly found: readonly Found[];
}

function judgeBinding(record: RunRecord, binding: SeenBinding, bounds: CadenceBounds): Judged {
  const [life] = binding.lives;
  const figures = cadenceOfBinding(record, binding);
  const isVirtual = figures.seen === "virtual";
  const evidence = describeCadence(figures, {
    by: binding.whyNot === undefined || isVirtual ? "" : `, since ${binding.whyNot}`,
    where: inInstance(record, binding.instance),
  });
  if (life === undefined) return { figures, found: [] };
  const agreement = isVirtual ? undefined : countAgreement(record, binding);
  const doubts = isVirtual ? [] : [...new Set(binding.lives.flatMap((one) => one.doubts))];
  const faults = faultsOf(figures, life.binding.schedule, bounds);
  const broken = faults
    .filter(({ verdict }) => verdict === "broken")
    .map((fault) => {
      const judgement = toJudgement(binding, fault, [fault.evidence, ...evidence]);
      // What was not seen may be what seems to be missing.
      return doubts.length > 0 && LACKS.has(fault.kind)
        ? { verdict: "unknown" as const, evidence: [...doubts, ...judgement.evidence] }
        : judgement;
    });
  const unknown = [
    ...faults.filter(({ verdict }) => verdict === "unknown").map((fault) => fault.evidence),
    ...(agreement?.result === "more-counted" ? [`${agreement.evidence}: the wire lacks some`] : []),
    ...(figures.ticks === 0 && figures.unreached === 0 && figures.missed === 0
      ? ["no tick was due while it could be seen"]
      : []),
    ...(isVirtual ? unawaited(record, binding) : []),
  ];
  const found: readonly Found[] = [
    ...broken,
    ...disagreement(binding, agreement, evidence),
    ...(unknown.length === 0
      ? []
      : [
          {
            verdict: "unknown" as const,
            evidence: [...unknown, ...doubts, ...evidence],
            ...(figures.seen === "counters" && faults.length > 0 ? { remedy: WITH_TAP } : {}),
          },
        ]),
  ];
  const told = agreement === undefined ? [] : [agreement.evidence];
  return {
    figures,
    found: found.length > 0 ? found : [{ verdict: "held", evidence: [...evidence, ...told] }],
  };
}

/** What an exchange that the tap lost can seem to be. */
const LACKS: ReadonlySet<CadenceFault["kind"]> = new Set(["missed", "time", "count"]);

/** daprd's count is not what the wire shows. */
function disagreement(
  { component, lives }: SeenBinding,
  agreement: CountAgreement | undefined,
  evidence: readonly string[],
): readonly Found[] {
  const own = lives[0]?.binding.component;
  const found = (symptom: string, remedy: string): readonly Found[] => [
    { verdict: "broken", symptom, evidence: [agreement?.evidence ?? "", ...evidence], remedy },
  ];
  if (agreement?.result === "more-on-the-wire") {
    return found(
      `ticks of "${component}" are posted that daprd does not count`,
      `see who else posts to ${own === undefined ? "the route" : bindingRoute(own)}; what daprd sends it counts once.`,
    );
  }
  return agreement?.result === "taken-for-failures"
    ? found(
        `daprd takes ticks of "${component}" for failures that the app has answered with success`,
        ANSWER_200,
      )
    : [];
}

function toJudgement(
  { component, lives }: SeenBinding,
  { kind, symptom }: CadenceFault,
  evidence: readonly string[],
): Found {
  const own = lives[0]?.binding.component;
  const remedies: Readonly<Record<CadenceFault["kind"], string>> = {
    missed: SEE_DAPRD,
    duplicated: ANSWER_200,
    overlapping: BE_FASTER,
    failed: own === undefined ? SEE_DAPRD : seeTheAnswer(own),
    time: "see what kept daprd from its processor at that time, or state wider bounds.",
    count: "see the component's schedule, or state other bounds.",
  };
  const follows =
    kind === "time" || kind === "count" ? {} : { because: `ticksDelivered(${JSON.stringify(component)})` };
  return {
    verdict: "broken",
    symptom: symptom.replace("…", JSON.stringify(component)),
    ...follows,
    evidence,
    remedy: remedies[kind],
  };
}

function judgeNone(record: RunRecord, contract: string, component: string): Judgement {
  return noSuchBinding({
    contract,
    component,
    kind: "a cron binding",
    names: cronBindingsOf(record).map(({ name }) => name),
    none: "the sidecars' component files have no cron binding that daprd would read",
  });
}
