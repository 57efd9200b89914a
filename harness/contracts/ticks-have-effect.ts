import { isInputBinding, statedDirection, type DaprComponent } from "../dapr/component-files.ts";
import type { EventOf } from "../timeline/events.ts";
import { bindingLives } from "./binding-lives.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { seconds } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

export interface TicksHaveEffectOptions {
  /** Blobs that a successful tick makes. Default 1. */
  readonly blobsPerTick?: number;
}

/** Blobs are looked for four times a second; what was made so shortly before nobody looked any more is not missed. */
const LOOK_MS = 2000;

/** {@link ticksHaveEffect} for a site whose ticks make another number of blobs. */
export function ticksHaveEffectOf({ blobsPerTick = 1 }: TicksHaveEffectOptions = {}): BuiltInContract {
  return {
    name: "ticksHaveEffect",
    promise: `Each successful tick makes ${blobsPerTick === 1 ? "one blob" : `${blobsPerTick} blobs`}, where one cron binding and a blob output binding are all there is.`,
    about:
      "Of a site with one input binding, a cron binding, and a blob output binding: blobs in that binding's container are counted against ticks. Ticks that were under way at the end, or died with their daprd, may or may not have made theirs. `ticksHaveEffectOf({ blobsPerTick })` is for ticks that make another number.",
    symptoms: ['ticks of "…" succeed without their blob', 'ticks of "…" make too many blobs'],
    judge: (record) => {
      const effect = onlyEffect(record);
      return effect === undefined ? [] : [judgeEffect(record, effect, blobsPerTick)];
    },
  };
}

/** Each successful tick makes one blob: no answer of success without the work, and no work done twice. */
export const ticksHaveEffect: BuiltInContract = ticksHaveEffectOf();

interface Effect {
  readonly cron: DaprComponent;
  readonly blobs: readonly EventOf<"blob.created">[];
}

/** `undefined`: which blob comes of which binding can't be told. */
export function onlyEffect(record: RunRecord): Effect | undefined {
  const components = [...record.componentFiles.values()].flatMap((files) =>
    files.flatMap((file) => file.components),
  );
  const [cron, ...others] = components.filter((component) => isInputBinding(component) !== "no");
  const outputs = components.filter(
    (component) =>
      component.type === "bindings.azure.blobstorage" &&
      statedDirection(component)?.includes("output") !== false,
  );
  if (cron?.type !== "bindings.cron" || others.length > 0 || outputs.length === 0) return undefined;
  const blobs = record.events.filter(
    (event): event is EventOf<"blob.created"> =>
      event.type === "blob.created" &&
      outputs.some(({ metadata }) => metadata["containerName"] === event.container),
  );
  return { cron, blobs };
}

function judgeEffect(record: RunRecord, { cron, blobs }: Effect, blobsPerTick: number): Judgement {
  const contract = `ticksHaveEffect(${JSON.stringify(cron.name)})`;
  const blind = record.events.find((event) => event.type === "observer.failed" && event.observer === "blobs");
  const ticks = record.events.filter(
    (event): event is EventOf<"tick"> => event.type === "tick" && event.component === cron.name,
  );
  const succeeded = ticks.filter(({ success }) => success);
  const certain = succeeded.filter(({ tMs }) => isLookedFor(record, tMs));
  const least = certain.length * blobsPerTick;
  const most = (ticks.length + untold(record, cron.name)) * blobsPerTick;
  const evidence = [
    `${succeeded.length} successful ticks of ${ticks.length}, ${blobs.length} blobs${blobsPerTick === 1 ? "" : ` (${blobsPerTick} for each tick)`}`,
  ];
  if (blind?.type === "observer.failed" && blobs.length < least) {
    const doubt = `storage could not be looked at at +${seconds(blind.tMs)}: ${blind.detail}`;
    return { contract, verdict: "unknown", evidence: [...evidence, doubt] };
  }
  if (blobs.length < least) {
    return {
      contract,
      verdict: "broken",
      symptom: `ticks of "${cron.name}" succeed without their blob`,
      evidence,
      remedy:
        "answer 200 when the blob is stored, and otherwise an error; give every blob a name of its own, since create overwrites silently.",
    };
  }
  if (blobs.length > most) {
    return {
      contract,
      verdict: "broken",
      symptom: `ticks of "${cron.name}" make too many blobs`,
      because: `ticksDelivered(${JSON.stringify(cron.name)})`,
      evidence,
      remedy: "see who calls the handler besides the binding: a retry policy, or the public.",
    };
  }
  if (ticks.length === 0) return { contract, verdict: "unknown", nothingDue: true, evidence };
  if (succeeded.length === 0) return { contract, verdict: "unknown", evidence };
  return { contract, verdict: "held", evidence };
}

/** Blobs that were made then would have been seen: storage and the harness were there for a while after it. */
export function isLookedFor(record: RunRecord, tMs: number): boolean {
  const ends = record.events.filter(
    (event) =>
      (event.type === "container.exited" && event.container === "storage") || event.type === "fault.injected",
  );
  // A run that was stopped had a last look afterwards.
  const endMs = record.stopped === undefined ? record.observedUntilMs : Number.POSITIVE_INFINITY;
  return [...ends.map((event) => event.tMs), endMs].every((end) => tMs > end || tMs < end - LOOK_MS);
}

/** Ticks that may have done their work and were never told of: those under way, and those that died with their daprd. */
function untold(record: RunRecord, component: string): number {
  return bindingLives(record)
    .filter((binding) => binding.component.name === component)
    .reduce((sum, { unseen, pending = 0, calls, life }) => {
      const longestMs = Math.max(0, ...calls.map(({ calledMs, doneMs }) => doneMs - calledMs));
      const died = life.exit === undefined && record.stopped === undefined ? 0 : 1;
      return sum + unseen.success + unseen.failed + pending + died + (longestMs > LOOK_MS ? died : 0);
    }, 0);
}
