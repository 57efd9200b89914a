import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine, inSeconds } from "../evidence.ts";
import { BROKEN_BY_A_DEAD_CONTAINER } from "../broken-contracts.ts";

/** `@dapr/dapr` asks 62 times for the metadata, every 500 ms, and nothing can change that. */
const SDK_WAITS_MS = 30_700;

export const sdkGaveUp: DiagnosisRule = {
  id: "sdk-gave-up",
  about:
    "Dapr's JavaScript client waits 30.7 s for the sidecar's metadata at its first call, then throws DAPR_SIDECAR_COULD_NOT_BE_STARTED.",
  source: "dapr/js-sdk 3.18 src/implementation/Client/DaprClient.ts; measured",
  explains: BROKEN_BY_A_DEAD_CONTAINER,
  insteadOf: ["handler-slower-than-interval", "container-crashed", "handler-fails", "start-limit"],
  advice: [
    "Create and use the client where it is needed, not at the start, and let the next call try again: the failure does not stick.",
    "Wait for /v1.0/healthz/outbound before the app starts; it does not wait for the app.",
  ],
  conclude(look) {
    const line = look.lines().find(({ message }) => message.includes("DAPR_SIDECAR_COULD_NOT_BE_STARTED"));
    if (line === undefined) return undefined;
    const { instance } = line.line;
    const daprd = look.daprds.find((one) => instance === undefined || one.instance === instance);
    if (daprd === undefined) return undefined;
    const fromMs = line.line.tMs - SDK_WAITS_MS;
    const opened = look
      .events("port.opened")
      .find(({ port, tMs }) => port === daprd.sidecar.httpPort && tMs > fromMs);
    const life = daprd.lives.findLast(({ startedMs }) => startedMs <= line.line.tMs);
    const later = daprd.lives.find(({ startedMs }) => startedMs > fromMs);
    const ended = life?.exit !== undefined && life.exit.tMs <= line.line.tMs ? life.exit : undefined;
    const why =
      ended !== undefined
        ? `"${daprd.container}" had ended`
        : later === undefined && opened === undefined
          ? `"${daprd.container}" did not answer it`
          : `"${daprd.container}" was there only ${inSeconds((opened?.tMs ?? later?.startedMs ?? fromMs) - fromMs)} after the client began to wait`;
    return {
      cause: `the Dapr client in "${line.line.container}" waited ${inSeconds(SDK_WAITS_MS)}, which can't be changed, and gave up: ${why}.`,
      evidence: [
        fromLine(line),
        ...(ended === undefined ? [] : [fromEvent(ended)]),
        ...(opened === undefined ? [] : [fromEvent(opened)]),
      ],
      remedies: [
        { text: "call the client lazily, catch the error, and call again: the failure does not stick" },
        {
          text: `let main's entrypoint wait until http://127.0.0.1:${daprd.sidecar.httpPort}/v1.0/healthz/outbound answers 204`,
        },
      ],
    };
  },
};
