import { readSite } from "../../definition/read-site.ts";
import { SitecarError } from "../../errors/index.ts";
import { askOverHttp } from "../../pacts/ask-over-http.ts";
import { formatVerification } from "../../pacts/format-verification.ts";
import { PlayedSide } from "../../pacts/played-side.ts";
import { readPair, type PactPair } from "../../pacts/read-pair.ts";
import { maskedHeaders } from "../../pacts/request-of.ts";
import { serveSide } from "../../pacts/serve-side.ts";
import { componentPlaces } from "../../pacts/component-texts.ts";
import { verifyTwin } from "../../pacts/verify-twin.ts";
import { verifyMainContainer, verifySidecarContainer } from "../../pacts/verify-containers.ts";
import { verifyMain } from "../../pacts/verify-main.ts";
import type { Verification } from "../../pacts/verification.ts";
import { untilAsked, verifySidecar } from "../../pacts/verify-sidecar.ts";
import { createConsole, formatProgress, type Console } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";

export interface VerifyOptions {
  /** `true`: the site's own. */
  readonly main?: string | true;
  readonly sidecar?: readonly string[] | true;
  readonly site: string;
  readonly tickEvery?: string;
  readonly sidecarPort?: number;
  readonly appPort?: number;
  readonly header: Readonly<Record<string, string>>;
  readonly json: boolean;
}

interface Parts {
  readonly pacts: PactPair;
  readonly options: VerifyOptions;
  readonly console: Console;
  readonly signal: AbortSignal;
}

/** Holds each side that is named against the contracts. Broken when one of them is. */
export async function runVerify(
  contracts: readonly string[],
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const console = createConsole(options.json);
  const { main, sidecar } = options;
  if (main === undefined && sidecar === undefined) {
    throw new SitecarError("USAGE", {
      message: "nothing is named that could be held against the contracts.",
      remedy: "name a main with --main, or a sidecar with --sidecar, for example --sidecar 1.18.2.",
    });
  }
  const parts: Parts = { pacts: await readPair(contracts), options, console, signal };
  assertGiven(parts);
  const verifications: Verification[] = [];
  const tell = (verification: Verification): void => {
    verifications.push(verification);
    if (!options.json) console.result(formatVerification(verification));
  };
  if (main !== undefined) tell(await verifyOneMain(main === true ? undefined : main, parts));
  for (const one of sidecar === true ? [undefined] : (sidecar ?? []))
    tell(await verifyOneSidecar(one, parts));
  if (options.json) console.result(JSON.stringify(verifications, undefined, 2));
  const verdicts = verifications.map(({ verdict }) => verdict);
  return verdicts.includes("broken") ? EXIT.broken : verdicts.includes("unknown") ? EXIT.unknown : EXIT.held;
}

/** A token that was masked when the contract was recorded has to be given: sent as it is, it would be refused. */
function assertGiven({ pacts, options }: Parts): void {
  const given = new Set(Object.keys(options.header).map((name) => name.toLowerCase()));
  const sent = [
    ...(options.main === undefined ? [] : maskedHeaders(pacts.toMain)),
    ...(options.sidecar === undefined ? [] : maskedHeaders(pacts.toSidecar)),
  ];
  const missing = [...new Set(sent)].filter((name) => !given.has(name));
  if (missing.length === 0) return;
  throw new SitecarError("USAGE", {
    message: "the contract has headers whose values were masked when it was recorded.",
    observations: [{ label: "masked", value: missing.join(", ") }],
    remedy: `give what is to be sent: ${missing.map((name) => `--header ${name}=…`).join(" ")}`,
  });
}

async function verifyOneMain(what: string | undefined, parts: Parts): Promise<Verification> {
  const { pacts, options, signal } = parts;
  if (what === undefined || !isUrl(what)) return await verifyMainContainer(what, await containersOf(parts));
  const sidecar = new PlayedSide(pacts.toSidecar);
  const port = options.sidecarPort ?? pacts.toSidecar.metadata.sitecar.daprPort ?? 3500;
  await using held = new AsyncDisposableStack();
  held.use(await serveSide(sidecar, port));
  const ask = askOverHttp(what, { signal });
  return await verifyMain({ against: what, toMain: pacts.toMain, ask, sidecar, headers: options.header });
}

async function verifyOneSidecar(what: string | undefined, parts: Parts): Promise<Verification> {
  const { pacts, options, signal, console } = parts;
  const { tickEvery, appPort, header: headers } = options;
  if (what === "twin") return await verifyTwinOf(parts);
  if (what === undefined || !isUrl(what)) {
    const version = what !== undefined && /^\d+\.\d+\.\d+$/.test(what) ? what : undefined;
    return await verifySidecarContainer(
      {
        ...(version === undefined ? (what === undefined ? {} : { image: what }) : { version }),
        ...(tickEvery === undefined ? {} : { tickEvery }),
      },
      await containersOf(parts),
    );
  }
  const common = { against: what, toSidecar: pacts.toSidecar, ask: askOverHttp(what, { signal }), headers };
  if (appPort === undefined) {
    console.note(
      "  what the sidecar asks its main is not looked at: give --app-port to stand in main's place.",
    );
    return await verifySidecar(common);
  }
  const main = new PlayedSide(pacts.toMain);
  await using held = new AsyncDisposableStack();
  held.use(await serveSide(main, appPort));
  return await verifySidecar({ ...common, main, untilAsked: () => untilAsked(main, signal) });
}

async function verifyTwinOf({ pacts, options }: Parts): Promise<Verification> {
  const { sidecar } = pacts.toSidecar.metadata.sitecar;
  const resources = componentPlaces(await readSite(options.site), sidecar);
  return await verifyTwin({ pacts, resources, headers: options.header });
}

async function containersOf({ pacts, options, console, signal }: Parts) {
  return {
    site: await readSite(options.site),
    pacts,
    headers: options.header,
    progress: (event: Parameters<typeof formatProgress>[0]): void => console.note(formatProgress(event)),
    signal,
  };
}

function isUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}
