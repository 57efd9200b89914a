import { BROKEN_BY_A_SILENT_BINDING } from "../broken-contracts.ts";
import type { Conclusion, DiagnosisRule, Evidence } from "../diagnosis.ts";
import { fromEvent } from "../evidence.ts";
import type { Daprd, Look } from "../look.ts";

/** daprd dials 127.0.0.1:<app-port> every 100 ms for ever; until it is answered no binding is read. */
export const appNeverFound: DiagnosisRule = {
  id: "app-never-found",
  about:
    "daprd waits for the app on a port that nobody opens where it looks, or is told no port; no input binding is read.",
  source: "daprd 1.18 pkg/runtime/runtime.go blockUntilAppIsReady; measured on 1.18.2",
  explains: BROKEN_BY_A_SILENT_BINDING,
  advice: [
    "Let --app-port be the port that main listens on.",
    "Let main listen on 0.0.0.0, or daprd look at --app-channel-address [::1].",
  ],
  conclude(look) {
    for (const daprd of look.daprds) {
      const conclusion = concludeOf(look, daprd);
      if (conclusion !== undefined) return conclusion;
    }
    return undefined;
  },
};

function concludeOf(look: Look, { container, snapshot, instance }: Daprd): Conclusion | undefined {
  const metadata = snapshot?.metadata;
  if (metadata === undefined || metadata === null) return undefined;
  const flag = (name: string, value: string) =>
    ({ kind: "daprd-flag", container, flag: name, value }) as const;
  const { mainPort } = look.record.plan;
  const app = metadata.appConnectionProperties;
  if (app === undefined) {
    return {
      cause: "daprd is told no --app-port, so it never calls an app.",
      evidence: [{ source: `metadata of ${container}`, quote: "no appConnectionProperties" }],
      remedies: [
        { text: `start daprd with --app-port ${mainPort}`, changes: [flag("app-port", String(mainPort))] },
      ],
    };
  }
  if (snapshot?.health === 204) return undefined;
  const waiting = look
    .events("probe.changed")
    .findLast((event) => event.container === container && event.probe === "healthz");
  const evidence: readonly Evidence[] = [
    {
      source: `metadata of ${container}`,
      quote: `app at ${app.channelAddress}:${app.port}; healthz ${snapshot?.health ?? "does not answer"}`,
    },
    ...(waiting === undefined ? [] : [fromEvent(waiting)]),
  ];
  const opened = look
    .events("port.opened")
    .filter((event) => event.instance === undefined || event.instance === instance);
  const there = opened.filter(({ port }) => port === app.port);
  if (there.length > 0) {
    const [first] = there;
    if (first === undefined || there.some(({ address }) => isDialled(address))) return undefined;
    return {
      cause: `the app listens on ${first.address} alone, and daprd looks for it at ${app.channelAddress}.`,
      evidence: [...evidence, fromEvent(first)],
      remedies: [
        { text: "let main listen on 0.0.0.0, as the platform needs it too (A2.3)" },
        {
          text: `start daprd with --app-channel-address [${first.address}]`,
          changes: [flag("app-channel-address", `[${first.address}]`)],
        },
      ],
    };
  }
  const atMain = opened.find(({ port }) => port === mainPort);
  if (atMain !== undefined && app.port !== mainPort) {
    return {
      cause: `daprd waits for the app on port ${app.port}, and main listens on ${mainPort}.`,
      evidence: [...evidence, fromEvent(atMain)],
      remedies: [
        { text: `start daprd with --app-port ${mainPort}`, changes: [flag("app-port", String(mainPort))] },
      ],
    };
  }
  const mainEnded = look.lives(look.main, instance).some(({ exit }) => exit !== undefined && !exit.asked);
  if (mainEnded) return undefined;
  return {
    cause: `daprd waits for the app on port ${app.port}, which nothing opened.`,
    evidence,
    remedies: [
      {
        text: `let the app listen on ${app.port}; if it waits for daprd's /v1.0/healthz, let it wait for /v1.0/healthz/outbound instead, which does not wait for the app`,
      },
    ],
  };
}

function isDialled(address: string): boolean {
  return ["0.0.0.0", "127.0.0.1", "::", "::ffff:127.0.0.1"].includes(address);
}
