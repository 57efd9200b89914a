import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule, RemedyChange } from "../diagnosis.ts";
import { fromLine, inSeconds } from "../evidence.ts";
import { fatalEnd } from "../fatal-lines.ts";
import { freePort, takenBefore } from "../ports.ts";

/** daprd tries for 10 s, silently; meanwhile what is meant for it goes to the other container. */
export const apiPortTaken: DiagnosisRule = {
  id: "api-port-taken",
  about:
    "Another container listens on one of daprd's API ports, and daprd ends after ten seconds of silent tries.",
  source: "daprd 1.18 pkg/api/http/listen.go; measured on 1.18.2; A2.1",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["daprd-fatal"],
  advice: [
    "Give daprd another --dapr-http-port or --dapr-grpc-port and tell the app (DAPR_HTTP_PORT, DAPR_GRPC_PORT), or move the other container.",
  ],
  conclude(look) {
    const end = fatalEnd(look, /could not listen on any endpoint/);
    if (end === undefined) return undefined;
    const { sidecar, container } = end.daprd;
    const isHttp = /HTTP server/.test(end.line.message);
    const port = isHttp ? sidecar.httpPort : sidecar.grpcPort;
    const free = freePort(look, port);
    return {
      cause: `port ${port}, which daprd's ${isHttp ? "HTTP" : "gRPC"} API wants, was taken for all the ${inSeconds(end.line.line.tMs - end.startedMs)} that daprd tried.`,
      evidence: [fromLine(end.line), ...takenBefore(look, end, port)],
      remedies: [
        { text: `let the other container listen elsewhere than on ${port}` },
        {
          text: `start daprd with ${isHttp ? "--dapr-http-port" : "--dapr-grpc-port"} ${free}, and tell the app by ${isHttp ? "DAPR_HTTP_PORT" : "DAPR_GRPC_PORT"}`,
          changes: movePort({ container, isHttp, free }),
        },
      ],
    };
  },
};

function movePort({
  container,
  isHttp,
  free,
}: {
  readonly container: string;
  readonly isHttp: boolean;
  readonly free: number;
}): readonly RemedyChange[] {
  const value = String(free);
  return [
    { kind: "daprd-flag", container, flag: isHttp ? "dapr-http-port" : "dapr-grpc-port", value },
    { kind: "app-setting", name: isHttp ? "DAPR_HTTP_PORT" : "DAPR_GRPC_PORT", value },
  ];
}
