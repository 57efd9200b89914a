import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { formatDifference } from "../../harness/pacts/difference.ts";
import { readPair, type PactPair } from "../../harness/pacts/read-pair.ts";
import { recordPacts } from "../../harness/pacts/record-pacts.ts";
import { recordSite } from "../../harness/pacts/record-site.ts";
import { recordingOf } from "../../harness/pacts/recording-of.ts";
import type { Verification } from "../../harness/pacts/verification.ts";
import {
  verifyMainContainer,
  verifySidecarContainer,
  type VerifiedSidecar,
} from "../../harness/pacts/verify-containers.ts";
import type { PlannedFile } from "../../harness/plan/site-plan.ts";
import { everySecond, exampleSite } from "../support/example-site.ts";
import { statedBy } from "./stated-by.ts";

/** The example's recorded contracts, against its real main and the real daprd with Azurite. */

const site = await exampleSite();
const pacts = await readPair(["fixtures/sites/example/contracts"]);
const withoutDirection = await readPair(["fixtures/sites/example/contracts-without-direction"]);

/** So far apart that two ticks are no two posts of one where one of them is late; and three of them are waited for. */
const TICK_EVERY = "4s";

const TICK = 'a tick of the cron binding "batch": 200';

test.concurrent("a new run of the example is recorded as the one that is checked in", async ({ signal }) => {
  const record = await recordSite(site, { signal, ticks: 2 });
  const { toMain, toSidecar, leftOut } = recordPacts(recordingOf(record));
  expect(leftOut).toEqual([]);
  expect(statedBy(toMain)).toEqual(statedBy(pacts.toMain));
  expect(statedBy(toSidecar)).toEqual(statedBy(pacts.toSidecar));
});

test.concurrent("the example's main holds, alone", async ({ signal }) => {
  const verification = await verifyMainContainer(undefined, { site, pacts, signal });
  expect(broken(verification)).toEqual([]);
  expect(verification).toMatchObject({ verdict: "held", unstated: [], results: { length: 4 } });
});

test.concurrent("without direction the example's main is broken: 404 to OPTIONS", async ({ signal }) => {
  const found = broken(await verifyMainContainer(undefined, { site, pacts: withoutDirection, signal }));
  expect(found).toContainEqual(
    expect.stringMatching(/^daprd asks whether .* "batch": 200: response\.status: 200, one of .* → 404$/),
  );
});

test.concurrent("the sidecar as deployed holds, without its main", async ({ signal }) => {
  expect(await verifySidecar({}, signal)).toEqual([]);
});

test.concurrent("daprd's own image of the same version holds", async ({ signal }) => {
  expect(await verifySidecar({ version: "1.18.2" }, signal)).toEqual([]);
});

test.concurrent("without direction daprd asks by OPTIONS first", { timeout: 240_000 }, async ({ signal }) => {
  const components = withContent(await batch(), (text) =>
    text.replace(/ *- name: direction\n *value: .*\n/, ""),
  );
  // The contract with direction does not know that request, the one without does.
  expect(await verifySidecar({ version: "1.18.2", components }, signal)).toContainEqual(
    "unstated: OPTIONS /.internal/batch",
  );
  expect(await verifySidecar({ version: "1.18.2", components }, signal, withoutDirection)).toEqual([]);
});

test.concurrent(
  "a daprd that posts twice is seen: a second binding with the same route",
  async ({ signal }) => {
    const [own] = await batch();
    const content = own?.content.replace("name: batch", "name: again") ?? "";
    const components = [{ path: "again.yaml", content, mode: 0o644 }];
    const found = await verifySidecar({ version: "1.18.2", components }, signal);
    expect(found).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${TICK}: requests: one for each tick → \\d+ for one tick, \\d+ ms apart$`),
      ),
    );
  },
);

test.concurrent("a daprd that calls another route is seen", async ({ signal }) => {
  const components = withContent(await batch(), (text) =>
    text.replace("/.internal/batch", "/.internal/batches"),
  );
  const found = await verifySidecar({ version: "1.18.2", components }, signal);
  expect(found).toContainEqual(`${TICK}: requests: repeatedly → not there`);
  expect(found).toContainEqual("unstated: POST /.internal/batches");
});

test.concurrent(
  "a 200 that becomes 500 is seen: the component that main asks is another app's",
  async ({ signal }) => {
    const content = await readFile("fixtures/components/blob.yaml", "utf8");
    const components = [
      { path: "blob.yaml", content: `${content.trimEnd()}\nscopes: [another]\n`, mode: 0o644 },
    ];
    const found = await verifySidecar({ version: "1.18.2", components }, signal);
    expect(found).toContainEqual('main asks the binding "blob" for create: 200: response.status: 200 → 500');
  },
);

async function verifySidecar(
  sidecar: VerifiedSidecar,
  signal: AbortSignal,
  contracts: PactPair = pacts,
): Promise<readonly string[]> {
  return broken(
    await verifySidecarContainer({ tickEvery: TICK_EVERY, ...sidecar }, { site, pacts: contracts, signal }),
  );
}

function broken({ results, unstated }: Verification): readonly string[] {
  return [
    ...results.flatMap(({ description, differences }) =>
      differences.filter(({ breaks }) => breaks).map((one) => `${description}: ${formatDifference(one)}`),
    ),
    ...unstated.map(({ method, path }) => `unstated: ${method} ${path}`),
  ];
}

/** The cron binding at one second, alone. */
async function batch(): Promise<readonly PlannedFile[]> {
  const { dapr = [] } = await everySecond();
  return dapr;
}

function withContent(
  files: readonly PlannedFile[],
  change: (text: string) => string,
): readonly PlannedFile[] {
  return files.map((file) => ({ ...file, content: change(file.content) }));
}
