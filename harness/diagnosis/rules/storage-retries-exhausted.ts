import { BROKEN_BY_A_DEAD_DAPRD, BROKEN_BY_A_HANDLER } from "../broken-contracts.ts";
import type { Conclusion, DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine, inSeconds } from "../evidence.ts";
import { fatalEnd } from "../fatal-lines.ts";
import { hindranceOf } from "../hindrance.ts";
import type { Look } from "../look.ts";
import { failedCalls } from "../failed-calls.ts";

const UNREACHABLE =
  /dial tcp[^\n]*: (?:lookup [^\n]*: (?:no such host|server misbehaving)|connect: [^\n]*|i\/o timeout)/;

/** A delivery to an app that is not there is no call of storage. */
const OUTPUT = /error invoking output binding/;

const RUN_TIME_CONTRACTS: readonly string[] = BROKEN_BY_A_HANDLER;

/** azcore tries four times, 7 to 11.4 s in all, and gives up: at init daprd ends, at run time the call fails. */
export const storageRetriesExhausted: DiagnosisRule = {
  id: "storage-retries-exhausted",
  about: "Storage can't be reached for longer than the Azure client tries (4 times, about 10 s).",
  source: "azcore 1.11 policy_retry.go, components-contrib 1.18.3; measured on daprd 1.18.2",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["daprd-fatal", "handler-fails", "handler-slower-than-interval"],
  advice: [
    "At init: ignoreErrors: true with a short --hot-reload-reconcile-interval, or an entrypoint that starts daprd again.",
    'At run time: let the handler keep what it could not write and try it again at the next tick; retryCount "-1" fails at once.',
  ],
  conclude: (look) =>
    atInit(look) ?? (RUN_TIME_CONTRACTS.includes(look.contract) ? atRunTime(look) : undefined),
};

function atInit(look: Look): Conclusion | undefined {
  const end = fatalEnd(look, UNREACHABLE);
  if (end === undefined) return undefined;
  const { daprd, line, startedMs } = end;
  const name = /occurred for (?<component>\S+)/.exec(line.message)?.groups?.["component"] ?? "";
  const component = daprd.components.find((one) => one.name === name);
  const hindrance = hindranceOf(look, { daprd, component, fromMs: startedMs, untilMs: line.line.tMs });
  const { container } = daprd;
  return {
    cause: `the Azure client of component "${name}" gave up after its tries, ${inSeconds(line.line.tMs - startedMs)} after the container's start${hindrance === undefined ? "" : `: ${hindrance.because}`}; a longer initTimeout does not help.`,
    evidence: [fromLine(line), ...(hindrance?.evidence ?? [])],
    remedies: [
      {
        text: `set ignoreErrors: true for "${name}" and --hot-reload-reconcile-interval 5s: daprd starts without it and tries again`,
        changes: [
          { kind: "component-key", container, component: name, key: "spec.ignoreErrors", value: "true" },
          { kind: "daprd-flag", container, flag: "hot-reload-reconcile-interval", value: "5s" },
        ],
      },
      {
        text: `set disableEntityManagement: "true" for "${name}": init then needs no network; the blob container has to exist`,
        changes: [
          {
            kind: "component-key",
            container,
            component: name,
            key: "metadata.disableEntityManagement",
            value: "true",
          },
        ],
      },
      { text: "let the sidecar's entrypoint start daprd again when it ends" },
    ],
  };
}

function atRunTime(look: Look): Conclusion | undefined {
  const call = failedCalls(look).find(
    ({ line }) =>
      line.line.tMs <= look.record.observedUntilMs &&
      OUTPUT.test(line.message) &&
      UNREACHABLE.test(line.message),
  );
  if (call === undefined) return undefined;
  const { line, daprd } = call;
  const outage = look
    .events("container.exited")
    .findLast(({ container, tMs }) => container === "storage" && tMs <= line.line.tMs);
  const faults = look
    .faults(line.line.tMs - 12_000, line.line.tMs)
    .filter(({ fault }) => fault.fault.startsWith("storage-"));
  return {
    cause: `a call of storage failed after the Azure client's tries (7 to 11.4 s): storage could not be reached, and the tick that wanted it is lost.`,
    evidence: [
      fromLine(line),
      ...(outage === undefined ? [] : [fromEvent(outage)]),
      ...faults.map(fromEvent),
    ],
    remedies: [
      { text: "let the handler keep what it could not write, and write it at the next tick" },
      {
        text: 'set retryCount: "-1": the call fails at once instead of after 10 s, and does not run into the next tick',
        changes: blobComponents(look).map((component) => ({
          kind: "component-key" as const,
          container: daprd.container,
          component,
          key: "metadata.retryCount",
          value: "-1",
        })),
      },
    ],
  };
}

function blobComponents(look: Look): readonly string[] {
  const all = look.daprds.flatMap(({ components }) => components);
  return [
    ...new Set(all.filter(({ type }) => type === "bindings.azure.blobstorage").map(({ name }) => name)),
  ];
}
