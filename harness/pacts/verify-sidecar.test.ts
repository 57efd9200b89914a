import { describe, expect, it } from "vitest";
import { askOverHttp } from "./ask-over-http.ts";
import { formatDifference } from "./difference.ts";
import type { ActualRequest } from "./pact-file.ts";
import { PlayedSide } from "./played-side.ts";
import { bindingInteractions, parsePact } from "./read-pact.ts";
import { recordPacts } from "./record-pacts.ts";
import { requestOf } from "./request-of.ts";
import { serveSide } from "./serve-side.ts";
import { exampleRecording } from "./test-support/example-exchanges.ts";
import type { Verification } from "./verification.ts";
import { allAsked, verifySidecar } from "./verify-sidecar.ts";
import { pactText } from "./write-pacts.ts";

const recorded = recordPacts(exampleRecording());
const toMain = parsePact(pactText(recorded.toMain), "recorded");
const toSidecar = parsePact(pactText(recorded.toSidecar), "recorded");
const [configRequest, optionsRequest, tickRequest] = bindingInteractions(toMain).map((one) => requestOf(one));

/** What a sidecar asks its main, and when. */
type Asks = readonly (readonly [atMs: number, request: ActualRequest | undefined])[];

const USUAL: Asks = [
  [0, configRequest],
  [5, optionsRequest],
  [10_005, tickRequest],
  [20_006, tickRequest],
];

async function verify(asks: Asks = USUAL, answered = toSidecar): Promise<Verification> {
  await using sidecar = await serveSide(new PlayedSide(answered), 0);
  const main = new PlayedSide(toMain);
  for (const [atMs, request] of asks) if (request !== undefined) main.answer(request, atMs);
  return await verifySidecar({
    against: "a sidecar",
    toSidecar,
    ask: askOverHttp(sidecar.url),
    main,
    shortestMs: () => 10_000,
  });
}

const broken = ({ results }: Verification) =>
  results.flatMap(({ description, differences }) =>
    differences.filter(({ breaks }) => breaks).map((one) => `${description}: ${formatDifference(one)}`),
  );

/** The recorded answers, as another version would give them. */
function answering(change: (text: string) => string) {
  return parsePact(change(pactText(recorded.toSidecar)), "changed");
}

describe("verifySidecar", () => {
  it("holds a sidecar that does as the recorded one", async () => {
    const verification = await verify();
    expect(broken(verification)).toEqual([]);
    expect(verification.verdict).toBe("held");
    expect(verification.results).toHaveLength(5);
  });

  it("sees a daprd that posts twice", async () => {
    const found = broken(await verify([...USUAL, [20_030, tickRequest]]));
    expect(found).toEqual([
      'a tick of the cron binding "batch": 200: requests: one for each tick → 2 for one tick, 24 ms apart',
    ]);
  });

  it("sees a daprd that asks twice what it asks once", async () => {
    const found = broken(await verify([...USUAL, [30_000, configRequest]]));
    expect(found).toEqual(["daprd asks for the app's Dapr configuration: 404: requests: once → 2 times"]);
  });

  it("sees what is not asked any more", async () => {
    const found = broken(await verify(USUAL.filter(([, request]) => request !== optionsRequest)));
    expect(found).toEqual([
      'daprd asks whether the app takes the binding "batch": 200: requests: once → not there',
    ]);
  });

  it("sees an answer's status, a header, a member that changed, came and went", async () => {
    const verification = await verify(
      USUAL,
      answering((text) =>
        text
          .replace('"blobURL": "https', '"blobURL": "http')
          .replace('"status": 200', '"status": 500')
          .replace('"enabledFeatures"', '"features"')
          .replace('"INPUT_BINDING"', '"OUTPUT_BINDING"'),
      ),
    );
    expect(broken(verification)).toEqual([
      "main asks for the sidecar's metadata: 200: response.status: 200 → 500",
      expect.stringContaining('response.body.$.enabledFeatures: ["HotReload"] → not there'),
      expect.stringContaining(
        'response.body.$.components[batch].capabilities[0]: "INPUT_BINDING" → "OUTPUT_BINDING"',
      ),
      expect.stringMatching(/response\.body\.\$\.blobURL: "https:.* → "http:/),
    ]);
    const all = verification.results.flatMap(({ differences }) => differences.map(formatDifference));
    expect(all).toContainEqual('response.body.$.features: not stated → ["HotReload"]  (breaks nothing)');
  });

  it("sees a request that no contract states, though all else holds", async () => {
    const other = tickRequest && { ...tickRequest, path: "/other" };
    const verification = await verify([...USUAL, [30_000, other]]);
    expect(broken(verification)).toEqual([]);
    expect(verification).toMatchObject({
      verdict: "broken",
      unstated: [{ direction: "sidecar-to-main", method: "POST", path: "/other", times: 1 }],
    });
  });

  it("knows when enough was asked", () => {
    const main = new PlayedSide(toMain);
    for (const [atMs, request] of USUAL) {
      expect(allAsked(main)).toBe(false);
      if (request !== undefined) main.answer(request, atMs);
    }
    expect(allAsked(main)).toBe(true);
  });
});
