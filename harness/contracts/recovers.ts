import { bindingLives, READING_MS, type BindingLife } from "./binding-lives.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { followsFromExit } from "./consequence.ts";
import { disturbancesOf, type Disturbance } from "./disturbances.ts";
import { asksAppHealth, intervalAt } from "./due-ticks.ts";
import { originOf, seconds } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/** daprd looks at an app that was unhealthy every 5 s (daprd.md §1.2). */
const HEALTH_PROBE_MS = 5500;

/**
 * After each outage (a fault, a kill, a pause) the work goes on within one interval: the first tick called after what was away
 * serves again comes in time and succeeds. Judged by the cron bindings' ticks.
 */
export const recovers: BuiltInContract = {
  name: "recovers",
  promise: "After each outage, work succeeds again within one interval.",
  about:
    "Of every fault that was healed, every kill with a new start and every pause: from when what was away serves again (main's port, daprd's app, storage 2 s after its start), a cron tick must be called within one interval and succeed. With an app health check daprd has 5.5 s more. `unknown` where the observation ends before that, and in virtual time.",
  symptoms: ['no tick of "…" succeeds after …'],
  judge: (record) => {
    const outages = disturbancesOf(record).filter(({ kind }) => kind === "outage");
    const lives = bindingLives(record);
    const ended = outages.filter(({ toMs }) => toMs < Number.POSITIVE_INFINITY);
    return [...Map.groupBy(ended, ({ what }) => what).values()].flatMap((alike) =>
      judgeOutages(record, { alike, outages, lives }),
    );
  },
};

interface Outages {
  /** Those to be judged: the same thing happened. */
  readonly alike: readonly Disturbance[];
  /** All. */
  readonly outages: readonly Disturbance[];
  readonly lives: readonly BindingLife[];
}

function judgeOutages(record: RunRecord, { alike, outages, lives }: Outages): readonly Judgement[] {
  const judged = alike.flatMap((outage) =>
    [...Map.groupBy(affected(lives, outage), ({ component }) => component.name).values()].map((bindings) =>
      judgeBinding(record, { outage, outages, bindings }),
    ),
  );
  const broken = judged.filter(({ verdict }) => verdict === "broken");
  if (broken.length > 0) return broken;
  const unknown = judged.filter(({ verdict }) => verdict === "unknown");
  const [first] = unknown.length > 0 ? unknown : judged;
  return first === undefined ? [] : [{ ...first, evidence: judged.flatMap(({ evidence }) => evidence) }];
}

function affected(lives: readonly BindingLife[], { instance }: Disturbance): readonly BindingLife[] {
  return lives.filter((binding) => instance === undefined || binding.instance === instance);
}

function judgeBinding(
  record: RunRecord,
  {
    outage,
    outages,
    bindings,
  }: {
    readonly outage: Disturbance;
    readonly outages: readonly Disturbance[];
    readonly bindings: readonly BindingLife[];
  },
): Judgement {
  const [first] = bindings;
  if (first === undefined) throw new TypeError("a group has a member");
  const { name } = first.component;
  const contract = `recovers(${JSON.stringify(name)})`;
  const backMs = allBackMs(outage, outages);
  const said = `${outage.what} from +${seconds(outage.fromMs)} to +${seconds(outage.toMs)}`;
  const unknown = (why: string): Judgement => ({
    contract,
    verdict: "unknown",
    evidence: [`${said}; ${why}`],
  });
  // An outage lasts real time, in which a clock that stands still has no tick due.
  if (record.plan.virtualTime !== undefined)
    return unknown("within one interval says nothing where cron follows virtual time");
  if (backMs === Number.POSITIVE_INFINITY)
    return unknown("what was away did not serve again while it was observed");
  const intervalMs = intervalAt(first, originOf(record) + backMs);
  const health = bindings.some(asksAppHealth) ? HEALTH_PROBE_MS : 0;
  const limitMs = backMs + intervalMs + health + READING_MS;
  const calls = bindings.flatMap((binding) => binding.calls);
  const next = calls.find(({ calledMs }) => calledMs >= backMs - READING_MS / 2 && calledMs <= limitMs);
  const succeeded = calls.find(
    ({ calledMs, doneMs, success }) => success && calledMs <= limitMs && doneMs >= backMs,
  );
  if (succeeded !== undefined) {
    const took = seconds(Math.max(0, succeeded.doneMs - backMs));
    return { contract, verdict: "held", evidence: [`${said}; a tick succeeded ${took} after all was back`] };
  }
  // A call that is under way, or was answered after the last reading, may be the one.
  if (record.observedUntilMs < limitMs + READING_MS)
    return unknown("the observation ended too soon after it");
  const pending = bindings.some((binding) => (binding.pending ?? 1) > 0 && binding.life.exit === undefined);
  if (next === undefined && pending) return unknown("a call was still under way at the end");
  return {
    contract,
    verdict: "broken",
    symptom: `no tick of "${name}" succeeds after ${outage.what}`,
    ...followsFromExit(record, first.instance),
    evidence: [
      `${said}; ${next === undefined ? "no tick came" : "the ticks failed"} within the ${seconds(limitMs - backMs)} after all was back`,
    ],
    remedy:
      "let the client connect anew after an error instead of giving up, and see that nothing ends for good when what it needs is away.",
  };
}

/** When this outage and those that went on meanwhile had all ended. */
function allBackMs(outage: Disturbance, outages: readonly Disturbance[]): number {
  let { backMs } = outage;
  for (const other of outages) if (other.fromMs <= backMs) backMs = Math.max(backMs, other.backMs);
  return backMs;
}
