import { DaprTwin } from "../twin/dapr-twin.ts";
import { readResources } from "../twin/read-resources.ts";
import { serveTwin } from "../twin/serve/serve-twin.ts";
import { tick } from "../twin/tick/tick.ts";
import { TWIN_VERSIONS } from "../twin/versions/versions.ts";
import { askOverHttp } from "./ask-over-http.ts";
import { PlayedSide } from "./played-side.ts";
import { bindingInteractions, type ReadPact } from "./read-pact.ts";
import type { PactPair } from "./read-pair.ts";
import { serveSide } from "./serve-side.ts";
import { verifySidecar } from "./verify-sidecar.ts";
import type { Verification } from "./verification.ts";

export interface VerifyTwinOptions {
  readonly pacts: PactPair;
  /** Dapr component files, or folders of them, as paths. */
  readonly resources: readonly string[];
  /** One of `TWIN_VERSIONS`. Default: the newest. */
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Holds the twin of daprd against contracts: its answers, and the ticks that it sends. What daprd asks besides, as the app's
 * configuration, the twin never asks, and it is left out.
 * @throws {SitecarError} FILE_NOT_READABLE, TWIN_NOT_STARTED, TWIN_NOT_COVERED
 */
export async function verifyTwin(options: VerifyTwinOptions): Promise<Verification> {
  const { pacts, resources, version = TWIN_VERSIONS.at(-1) } = options;
  const { appId, appPort } = pacts.toSidecar.metadata.sitecar;
  const twin = new DaprTwin({
    files: await readResources(resources),
    ...(version === undefined ? {} : { version }),
    ...(appId === undefined ? {} : { appId }),
    ...(appPort === undefined ? {} : { appPort }),
  });
  const main = new PlayedSide(whatTicksAsk(pacts.toMain));
  await using served = await serveTwin(twin, { port: 0 });
  await using servedMain = await serveSide(main, 0);
  const bindings = bindingInteractions(pacts.toMain).flatMap(
    ({ comments }) => comments.sitecar.tick?.binding ?? [],
  );
  return await verifySidecar({
    against: `twin of daprd ${version}`,
    toSidecar: pacts.toSidecar,
    ask: askOverHttp(`http://127.0.0.1:${served.port}`),
    main,
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    untilAsked: async () => {
      for (const binding of new Set(bindings)) {
        await tick(servedMain.url, binding, { resources, ...(version === undefined ? {} : { version }) });
      }
    },
  });
}

function whatTicksAsk(pact: ReadPact): ReadPact {
  return {
    ...pact,
    interactions: pact.interactions.filter(
      ({ request, comments }) => comments.sitecar.tick !== undefined || request.method === "OPTIONS",
    ),
  };
}
