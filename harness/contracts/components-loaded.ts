import { judgeReadiness } from "../dapr/readiness.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { mergeInstances } from "./merge-instances.ts";
import { inInstance, observed, seconds } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";
import { componentsInScope, sidecarsAtEnd, type SidecarAtEnd } from "./sidecar-at-end.ts";

/** Every component that a sidecar's files state is in its daprd's metadata at the end of the observation. */
export const componentsLoaded: BuiltInContract = {
  name: "componentsLoaded",
  promise: "Every component of the Dapr sidecars' files is loaded.",
  about:
    "By daprd's metadata at the end of the observation; without an answer, by what it had said before. A component of another app's scope is not missed; a document that daprd skips is. `unknown` while a fault or the schedule keeps the sidecar, or what it needs, out of reach, and while a daprd that gives no metadata may still come: for 35 s, longer than any wait that is known of the parts, and until the site has started or had its time to.",
  symptoms: ['component "…" not loaded'],
  judge: (record) =>
    mergeInstances(sidecarsAtEnd(record).flatMap((sidecar) => judgeSidecar(record, sidecar))),
};

function judgeSidecar(record: RunRecord, sidecar: SidecarAtEnd): readonly Judgement[] {
  const { files, snapshot, state, life, container, settled } = sidecar;
  const where = inInstance(record, sidecar.instance);
  const missing = new Map(
    judgeReadiness(files, snapshot).missing.map(({ component, reason }) => [component, reason]),
  );
  const stated = componentsInScope(sidecar);
  // What daprd skips as it reads a file.
  const unread = files
    .filter(({ problems }) => problems.length > 0)
    .flatMap(({ path }) => [...missing.keys()].filter((name) => name.startsWith(`${path}, document `)));
  const judge = (name: string): Judgement => {
    const contract = `componentsLoaded(${JSON.stringify(name)})`;
    const because = `nothingExits(${JSON.stringify(container)})`;
    const reason = missing.get(name);
    const broken = (evidence: string, more: Partial<Judgement> = {}): Judgement => ({
      contract,
      verdict: "broken",
      symptom: `component "${name}" not loaded`,
      evidence: [evidence],
      remedy: `read what daprd in "${container}" says of it; \`sitecar lint\` reads the file itself.`,
      ...more,
    });
    const unknown = (evidence: string): Judgement => ({ contract, verdict: "unknown", evidence: [evidence] });
    // The file alone says so.
    if (unread.includes(name)) return broken(`${reason}${where}`);
    if (state === "away")
      return unknown(`"${container}" was out of reach at the end of the observation${where}`);
    if (state === "dead") return broken(`daprd ended at +${seconds(life.toMs)}${where}`, { because });
    if (snapshot.metadata !== null) {
      if (reason !== undefined) {
        return sidecar.disturbed
          ? unknown(`${reason}${where}, but the site was still disturbed`)
          : broken(`${reason}${where}`);
      }
      return { contract, verdict: "held", evidence: [`in daprd's metadata${where}`] };
    }
    // Its metadata was seen before, though not at the last look.
    if (wasLoaded(record, sidecar, name)) {
      return { contract, verdict: "held", evidence: [`seen in daprd's metadata${where}`] };
    }
    const waited = `daprd has run for ${seconds(record.observedUntilMs - life.fromMs)} and gave no metadata${where}`;
    return settled ? broken(waited) : unknown(waited);
  };
  return [...stated.map(({ name }) => name), ...unread].map(judge);
}

function wasLoaded(record: RunRecord, { life, container, instance }: SidecarAtEnd, name: string): boolean {
  const last = [...observed(record, "component.loaded"), ...observed(record, "component.gone")]
    .filter(
      (event) =>
        event.component === name &&
        event.container === container &&
        event.instance === instance &&
        event.tMs >= life.fromMs,
    )
    .toSorted((one, other) => one.tMs - other.tMs)
    .at(-1);
  return last?.type === "component.loaded";
}
