import { expect } from "vitest";
import { inject } from "../../harness/faults/inject.ts";
import { storageStatus } from "../../harness/faults/storage-status.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import type { DaprTwin } from "../../harness/twin/dapr-twin.ts";
import { GRPC_CASES } from "../../harness/twin/test-support/cases/grpc-cases.ts";
import {
  callServer,
  callTwin,
  grpcCaseKey,
  grpcDifferences,
  type GrpcCaseAnswer,
} from "../../harness/twin/test-support/grpc-case.ts";
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
import { recordedAnswers, type RecordedAnswers } from "./recorded-answers.ts";

const DAPR_PORT = 3500;
const GRPC_PORT = 50_001;

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
    { deadline: Deadline.in(60_000), signal: site.signal },
  );
  expect(found).toMatchObject({ met: true });
}

const FOLDER = "harness/twin/test-support";

/** Twin against daprd, and daprd against what was recorded of it: the unit test is held to that. */
async function compare(site: RunningSite, sidecar: SidecarName): Promise<void> {
  const twin = await twinOf(sidecar);
  // Before the others, which leave more behind.
  await compareGrpc(site, sidecar, twin);
  const ask = askServer(site.publishedPort(DAPR_PORT));
  const cases = PARITY_CASES.filter((one) => (one.sidecar ?? "full") === sidecar);
  const answers = new Map<string, readonly CaseAnswer[]>();
  for (const one of cases) answers.set(caseKey(one), await askedOfDaprd(site, one, ask));
  const file = `${FOLDER}/answers-${twin.version}.json`;
  const recorded = await recordedAnswers(file, answers, PARITY_CASES.map(caseKey));

  const wrong: string[] = [];
  for (const one of cases) {
    if (one.storageStatus !== undefined) twin.failStorage({ status: one.storageStatus });
    const ours = await runCase(one, askTwin(twin));
    twin.healStorage();
    wrong.push(...wrongOf(caseKey(one), { ours, theirs: answers.get(caseKey(one)), recorded }, differences));
  }
  const requests = [...answers.values()].flat().length;
  state(
    `twin of daprd ${twin.version} (${sidecar}): ${cases.length} cases, ${requests} requests, ${wrong.length} differences`,
  );
  expect(wrong.join("\n")).toBe("");
}

async function compareGrpc(site: RunningSite, sidecar: SidecarName, twin: DaprTwin): Promise<void> {
  const cases = GRPC_CASES.filter((one) => (one.sidecar ?? "full") === sidecar);
  const port = site.publishedPort(GRPC_PORT);
  const answers = new Map<string, readonly GrpcCaseAnswer[]>();
  for (const one of cases)
    answers.set(grpcCaseKey(one), await inTurn(one.calls, (call) => callServer(port, call)));
  const file = `${FOLDER}/grpc-answers-${twin.version}.json`;
  const recorded = await recordedAnswers(file, answers, GRPC_CASES.map(grpcCaseKey));

  const wrong: string[] = [];
  for (const one of cases) {
    const ours = await inTurn(one.calls, (call) => callTwin(twin, call));
    const key = grpcCaseKey(one);
    wrong.push(...wrongOf(key, { ours, theirs: answers.get(key), recorded }, grpcDifferences));
  }
  state(
    `its gRPC API: ${cases.length} cases, ${[...answers.values()].flat().length} calls, ${wrong.length} differences`,
  );
  expect(wrong.join("\n")).toBe("");
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

interface Compared<Answer> {
  readonly ours: readonly Answer[];
  readonly theirs: readonly Answer[] | undefined;
  readonly recorded: RecordedAnswers<Answer>;
}

function wrongOf<Answer>(
  key: string,
  { ours, theirs = [], recorded }: Compared<Answer>,
  compareAnswers: (one: Answer, other: Answer) => readonly string[],
): readonly string[] {
  return theirs.flatMap((answer, index) => {
    const at = `${key}, ${index + 1}`;
    const [twins, known] = [ours[index], recorded[key]?.[index]];
    if (twins === undefined || known === undefined) return [`${at}: is not recorded; RECORD_TWIN=1 does it`];
    return [
      ...compareAnswers(twins, answer).map((line) => `${at}: ${line}`),
      ...compareAnswers(known, answer).map(
        (line) => `${at}, as recorded (in the place of the twin): ${line}`,
      ),
    ];
  });
}

async function askedOfDaprd(site: RunningSite, one: ParityCase, ask: Asker): Promise<readonly CaseAnswer[]> {
  if (one.storageStatus === undefined) return await runCase(one, ask);
  await using _ = await inject(site, storageStatus({ status: one.storageStatus }));
  return await runCase(one, ask);
}
