import { expect } from "vitest";
import { inject } from "../../harness/faults/inject.ts";
import { storageStatus } from "../../harness/faults/storage-status.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { differences } from "../../harness/twin/test-support/case-answer.ts";
import { PARITY_CASES } from "../../harness/twin/test-support/parity-cases.ts";
import {
  caseKey,
  type CaseAnswer,
  type ParityCase,
  type SidecarName,
} from "../../harness/twin/test-support/parity-case.ts";
import {
  askServer,
  askTwin,
  runCase,
  twinOf,
  type Asker,
} from "../../harness/twin/test-support/run-cases.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { state } from "../support/statement.ts";
import { bareSite, fullSite } from "./parity-sites.ts";
import { readAnswers, RECORDING, writeAnswers } from "./recorded-answers.ts";

const DAPR_PORT = 3500;

const test = siteTest("fixtures/sites/example");

test("the twin answers as daprd with components of each kind, field by field", async ({
  startSite,
  definition,
}) => {
  const { definition: variant, options } = await fullSite(definition);
  const site = await startSite(options, variant);
  await untilHealth(site, 204);
  await compare(site, "full");
});

test("the twin answers as a daprd that wants a token and waits for its app", async ({
  startSite,
  definition,
}) => {
  const { definition: variant, options } = bareSite(definition);
  const site = await startSite(options, variant);
  await untilHealth(site, 500);
  await compare(site, "bare");
});

/** Until daprd's health is such; its port opens when its components are there. */
async function untilHealth(site: RunningSite, wanted: number): Promise<void> {
  const found = await poll(
    async () => {
      const { status } = await fetch(`http://127.0.0.1:${site.publishedPort(DAPR_PORT)}/v1.0/healthz`);
      if (status !== wanted) throw new Error(`healthz is ${status}`);
      return status;
    },
    { deadline: Deadline.in(30_000), signal: site.signal },
  );
  expect(found).toMatchObject({ met: true });
}

/** Twin against daprd, and daprd against what was recorded of it: the unit test is held to that. */
async function compare(site: RunningSite, sidecar: SidecarName): Promise<void> {
  const twin = await twinOf(sidecar);
  const ask = askServer(site.publishedPort(DAPR_PORT));
  const cases = PARITY_CASES.filter((one) => (one.sidecar ?? "full") === sidecar);
  const answers = new Map<ParityCase, readonly CaseAnswer[]>();
  for (const one of cases) answers.set(one, await askedOfDaprd(site, one, ask));
  if (RECORDING) await writeAnswers(twin.version, answers, PARITY_CASES);

  const recorded = await readAnswers(twin.version);
  const wrong: string[] = [];
  for (const [one, theirs] of answers) {
    if (one.storageStatus !== undefined) twin.failStorage({ status: one.storageStatus });
    const ours = await runCase(one, askTwin(twin));
    twin.healStorage();
    for (const [index, answer] of theirs.entries()) {
      const at = `${caseKey(one)}, request ${index + 1}`;
      const twins = ours[index];
      const known = recorded[caseKey(one)]?.[index];
      if (twins === undefined || known === undefined)
        wrong.push(`${at}: is not recorded; RECORD_TWIN=1 does it`);
      else {
        wrong.push(
          ...differences(twins, answer).map((line) => `${at}: ${line}`),
          ...differences(known, answer).map(
            (line) => `${at}, as recorded (in the place of the twin): ${line}`,
          ),
        );
      }
    }
  }
  const requests = [...answers.values()].flat().length;
  state(
    `twin of daprd ${twin.version} (${sidecar}): ${cases.length} cases, ${requests} requests, ${wrong.length} differences`,
  );
  expect(wrong.join("\n")).toBe("");
}

async function askedOfDaprd(site: RunningSite, one: ParityCase, ask: Asker): Promise<readonly CaseAnswer[]> {
  if (one.storageStatus === undefined) return await runCase(one, ask);
  await using _ = await inject(site, storageStatus({ status: one.storageStatus }));
  return await runCase(one, ask);
}
