import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent } from "../evidence.ts";

export const sidecarHangs: DiagnosisRule = {
  id: "sidecar-hangs",
  about: "The sidecar accepts connections and never answers; Dapr's client has no limit, so its calls hang.",
  source: "dapr/js-sdk 3.18; measured: 45 s and more, both protocols",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["handler-fails", "start-limit"],
  advice: [
    "Give every call of the sidecar a limit of its own (AbortSignal.timeout), and let the next tick try again.",
  ],
  conclude(look) {
    const { observedUntilMs } = look.record;
    for (const { container, instance, sidecar } of look.daprds) {
      if (!look.concernsContainer(container)) continue;
      const isOwn = (event: { readonly container?: string; readonly instance?: string }): boolean =>
        event.container === container && (event.instance === undefined || event.instance === instance);
      const paused = look.events("container.paused").findLast(isOwn);
      const resumed = look.events("container.resumed").findLast(isOwn);
      const silent = look
        .events("probe.changed")
        .findLast(
          (event) =>
            event.tMs <= observedUntilMs &&
            isOwn(event) &&
            (event.probe === "outbound" || event.probe === "healthz"),
        );
      const opened = look.events("port.opened").findLast(({ port }) => port === sidecar.httpPort);
      const closed = look.events("port.closed").findLast(({ port }) => port === sidecar.httpPort);
      const isOpen =
        opened !== undefined &&
        (closed === undefined || closed.tMs < opened.tMs || closed.tMs > observedUntilMs);
      const hangs =
        silent !== undefined &&
        silent.status === null &&
        isOpen &&
        !/ECONNREFUSED|ECONNRESET/.test(silent.detail);
      if (paused === undefined && !hangs) continue;
      const until =
        resumed !== undefined && paused !== undefined && resumed.tMs > paused.tMs ? resumed : undefined;
      return {
        cause:
          paused === undefined
            ? `"${container}" accepts connections on ${sidecar.httpPort} and does not answer: calls of it hang without limit.`
            : `"${container}" was frozen${until === undefined ? "" : " for a while"}: it accepts connections and does not answer, no tick comes, and calls of it hang without limit.`,
        evidence: [
          ...(paused === undefined ? [] : [fromEvent(paused)]),
          ...(until === undefined ? [] : [fromEvent(until)]),
          ...(silent === undefined ? [] : [fromEvent(silent)]),
        ],
        remedies: [
          {
            text: "give every call of the sidecar a limit (AbortSignal.timeout), and let the next tick try again",
          },
          { text: "do not rely on each tick: daprd makes up for a frozen time with one tick at most" },
        ],
      };
    }
    return undefined;
  },
};
