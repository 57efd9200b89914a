import path from "node:path";
import { getRequestListener } from "@hono/node-server";
import { describe, expect, it, vi } from "vitest";
import { createApp } from "../../images/main/src/app.ts";
import { blobCreator, type CreateBlob } from "../../images/main/src/dapr.ts";
import { listenGracefully } from "../../images/main/src/graceful-server.ts";
import { askOverHttp } from "./ask-over-http.ts";
import { formatDifference } from "./difference.ts";
import type { ActualRequest } from "./pact-file.ts";
import { PlayedSide } from "./played-side.ts";
import { bindingInteractions, type ReadPact } from "./read-pact.ts";
import { readPair } from "./read-pair.ts";
import { requestOf } from "./request-of.ts";
import { serveSide } from "./serve-side.ts";
import type { Verification } from "./verification.ts";
import { verifyMain } from "./verify-main.ts";
import { verifySidecar } from "./verify-sidecar.ts";
import { verifyTwin } from "./verify-twin.ts";

// Dapr's client is loaded, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

/** The contracts that were recorded from runs of the example: what each of five changes does to them. */

const SITE = path.join(import.meta.dirname, "../../fixtures/sites/example");
const COMPONENTS = path.join(import.meta.dirname, "../../fixtures/components");
const pacts = await readPair([path.join(SITE, "contracts")]);
const withoutDirection = await readPair([path.join(SITE, "contracts-without-direction")]);

const TICK = 'a tick of the cron binding "batch": 200';
const CREATE = 'main asks the binding "blob" for create: 200';

interface Changes {
  /** Of the requests that reach the app. */
  readonly route?: (path: string) => string;
  readonly createBlob?: (create: CreateBlob) => CreateBlob;
  /** Of the sidecar that the app finds. */
  readonly sidecar?: PlayedSide;
}

/** The example's own app, as it is or changed, with the sidecar that the contract states. */
async function verifyExample(contracts: typeof pacts, changes: Changes = {}): Promise<Verification> {
  const { route = (same) => same, createBlob = (same) => same } = changes;
  const sidecar = changes.sidecar ?? new PlayedSide(contracts.toSidecar);
  await using served = await serveSide(sidecar, 0);
  const create = blobCreator({ host: "127.0.0.1", port: served.port, protocol: "http" });
  const app = createApp({ createBlob: createBlob(create), reportFailure: () => undefined });
  const answer = getRequestListener(app.fetch);
  const main = await listenGracefully((request, response) => {
    request.url = route(request.url ?? "");
    void answer(request, response);
  }, 0);
  try {
    return await verifyMain({
      against: "the example's app",
      toMain: contracts.toMain,
      ask: askOverHttp(`http://127.0.0.1:${main.port}`),
      sidecar,
    });
  } finally {
    await main.stop(1000);
  }
}

const broken = ({ results }: Verification) =>
  results.flatMap(({ description, differences }) =>
    differences.filter(({ breaks }) => breaks).map((one) => `${description}: ${formatDifference(one)}`),
  );

describe("the example's main, held against its recorded contract", () => {
  it("holds", async () => {
    const verification = await verifyExample(pacts);
    expect(broken(verification)).toEqual([]);
    expect(verification).toMatchObject({ verdict: "held", unstated: [], results: { length: 4 } });
  });

  it("is broken by a changed route", async () => {
    const found = broken(await verifyExample(pacts, { route: (asked) => asked.replace("batch", "batches") }));
    expect(found).toContainEqual(`${TICK}: response.status: 200 → 404`);
    expect(found).toContainEqual(`${CREATE}: requests: 1 during "${TICK}" → 0`);
  });

  it("is broken by 404 to OPTIONS, where the component has no direction: so answers the example itself", async () => {
    const { results, verdict } = await verifyExample(withoutDirection);
    const asked = results.find(({ description }) => description.startsWith("daprd asks whether"));
    expect(asked?.differences.filter(({ breaks }) => breaks)).toEqual([
      expect.objectContaining({ field: "response.status", kind: "changed", seen: "404" }),
    ]);
    expect(verdict).toBe("broken");
  });

  it("is broken by a renamed blob key", async () => {
    const found = broken(
      await verifyExample(pacts, {
        createBlob: (create) => (name, content) => create(name.replace("batch_", "tick-"), content),
      }),
    );
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      found.map(() =>
        expect.stringMatching(
          /^main asks the binding "blob" for create: 200: request\.body\.\$\.metadata\.blobName: "batch_\d+\.txt", \/.*\/ → "tick-\d+\.txt"$/,
        ),
      ),
    );
  });

  it("is broken by a 200 that becomes 500, here because the sidecar refuses the blob", async () => {
    const refusing = new PlayedSide(answeringCreateWith(500));
    const found = broken(await verifyExample(pacts, { sidecar: refusing }));
    expect(found).toContainEqual(`${TICK}: response.status: 200 → 500`);
  });
});

describe("the recorded contract of the sidecar", () => {
  it("is held by the twin", async () => {
    const verification = await verifyTwin({ pacts, resources: [COMPONENTS] });
    expect(broken(verification)).toEqual([]);
    expect(verification).toMatchObject({ verdict: "held", unstated: [], results: { length: 3 } });
  });

  it("is broken by a 200 that becomes 500", async () => {
    const found = broken(await verifyPlayed(answeringCreateWith(500)));
    expect(found).toEqual([`${CREATE}: response.status: 200 → 500`]);
  });

  it("is broken by a daprd that posts twice", async () => {
    const found = broken(await verifyPlayed(pacts.toSidecar, [10_000, 20_000, 20_004, 30_000]));
    expect(found).toEqual([`${TICK}: requests: one for each tick → 2 for one tick, 4 ms apart`]);
  });
});

/** A sidecar that answers so, and has asked its main as recorded, ticking at these times. */
async function verifyPlayed(answers: ReadPact, tickedAtMs = [10_000, 20_000, 30_000]): Promise<Verification> {
  const main = new PlayedSide(pacts.toMain);
  const ask = (asked: ActualRequest, atMs: number) => main.answer(asked, atMs);
  for (const one of bindingInteractions(pacts.toMain)) {
    if (one.comments.sitecar.tick === undefined) ask(requestOf(one), 0);
    else for (const atMs of tickedAtMs) ask(requestOf(one), atMs);
  }
  await using sidecar = await serveSide(new PlayedSide(answers), 0);
  return await verifySidecar({
    against: "a sidecar",
    toSidecar: pacts.toSidecar,
    ask: askOverHttp(sidecar.url),
    main,
    shortestMs: () => 10_000,
  });
}

function answeringCreateWith(status: number): ReadPact {
  return {
    ...pacts.toSidecar,
    interactions: pacts.toSidecar.interactions.map((one) =>
      one.description === CREATE ? { ...one, response: { ...one.response, status } } : one,
    ),
  };
}
