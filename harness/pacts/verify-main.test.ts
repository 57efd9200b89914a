import { describe, expect, it } from "vitest";
import { askOverHttp } from "./ask-over-http.ts";
import { formatDifference } from "./difference.ts";
import { PlayedSide } from "./played-side.ts";
import { parsePact } from "./read-pact.ts";
import { recordPacts } from "./record-pacts.ts";
import { serveSide } from "./serve-side.ts";
import { exampleRecording } from "./test-support/example-exchanges.ts";
import { startSmallMain, type SmallMainOptions } from "./test-support/small-main.ts";
import type { Verification } from "./verification.ts";
import { verifyMain } from "./verify-main.ts";
import { pactText } from "./write-pacts.ts";

const { toMain, toSidecar } = recordPacts(exampleRecording());
const read = (pact: typeof toMain) => parsePact(pactText(pact), "recorded");

/** Holds a main, which differs from the example's so, against the example's contract. */
async function verify(how: Omit<SmallMainOptions, "sidecar"> = {}): Promise<Verification> {
  const sidecar = new PlayedSide(read(toSidecar));
  await using served = await serveSide(sidecar, 0);
  await using main = await startSmallMain({ sidecar: served.url, ...how });
  return await verifyMain({ against: "a main", toMain: read(toMain), ask: askOverHttp(main.url), sidecar });
}

const broken = ({ results }: Verification) =>
  results.flatMap(({ description, differences }) =>
    differences.filter(({ breaks }) => breaks).map((one) => `${description}: ${formatDifference(one)}`),
  );

const TICK = 'a tick of the cron binding "batch": 200';
const CREATE = 'main asks the binding "blob" for create: 200';

describe("verifyMain", () => {
  it("holds a main that does as the recorded one", async () => {
    const verification = await verify();
    expect(broken(verification)).toEqual([]);
    expect(verification.unstated).toEqual([]);
    expect(verification.verdict).toBe("held");
    expect(verification.results.map(({ verdict }) => verdict)).toEqual(
      Array.from({ length: 5 }, () => "held"),
    );
  });

  it("sees a changed route", async () => {
    const verification = await verify({ route: "/.internal/batches" });
    expect(verification.verdict).toBe("broken");
    expect(broken(verification)).toContainEqual(`${TICK}: response.status: 200 → 404`);
    expect(broken(verification)).toContainEqual(`${CREATE}: requests: 1 during "${TICK}" → 0`);
  });

  it("sees an answer of 404 to OPTIONS", async () => {
    const found = broken(await verify({ optionsStatus: 404 }));
    expect(found).toEqual([
      expect.stringMatching(/^daprd asks whether .*: response\.status: 200, one of .*405 → 404$/),
    ]);
  });

  it.each([204, 405])("takes %d to OPTIONS for a yes, as daprd does", async (optionsStatus) => {
    expect((await verify({ optionsStatus })).verdict).toBe("held");
  });

  it("sees a renamed blob key", async () => {
    const found = broken(await verify({ nameKey: "blobname" }));
    expect(found).toEqual([
      expect.stringMatching(
        /^main asks the binding "blob" for create: 200: request\.body\.\$\.metadata\.blobName: "batch_.*" → not there$/,
      ),
      expect.stringMatching(/request\.body\.\$\.metadata\.blobname: not stated → "batch_\d+\.txt"$/),
      expect.stringContaining("blobname: not stated"),
    ]);
  });

  it("sees a 200 that becomes 500", async () => {
    expect(broken(await verify({ tickStatus: 500 }))).toEqual([`${TICK}: response.status: 200 → 500`]);
  });

  it("sees a main that asks twice in a tick", async () => {
    expect(broken(await verify({ blobsPerTick: 2 }))).toEqual([
      `${CREATE}: requests: 1 during "${TICK}" → 2`,
    ]);
  });

  it("sees a request that no contract states", async () => {
    const { unstated, verdict } = await verify({ sidecarPath: "/v1.0/bindings/blobs" });
    expect(unstated).toEqual([
      { direction: "main-to-sidecar", method: "POST", path: "/v1.0/bindings/blobs", times: 2 },
    ]);
    expect(verdict).toBe("broken");
  });

  it("holds a main that asks less of what it need not ask, and says so", async () => {
    const { verdict, results } = await verify({ withoutClient: true });
    expect(verdict).toBe("held");
    const told = results.find(({ description }) => description.startsWith("main asks for the sidecar's"));
    expect(told?.differences.map(formatDifference)).toEqual(["requests: once → not there  (breaks nothing)"]);
  });

  it("sees a main that does not answer", async () => {
    const { url } = await gone();
    const { results, verdict } = await verifyMain({
      against: "none",
      toMain: read(toMain),
      ask: askOverHttp(url),
    });
    expect(verdict).toBe("broken");
    expect(
      results.map(({ differences }) => differences.map(({ field, stated, seen }) => [field, stated, seen])),
    ).toEqual(
      [404, 200, 200].map((status) => [
        ["response", `an answer ${status}`, expect.stringContaining("ECONNREFUSED")],
      ]),
    );
  });
});

/** Where nothing listens any more. */
async function gone(): Promise<{ readonly url: string }> {
  await using main = await startSmallMain({ sidecar: "http://127.0.0.1:1" });
  return { url: main.url };
}
