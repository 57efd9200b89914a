import path from "node:path";

import { format } from "prettier";
import { expect, it } from "vitest";

import { bindingActive } from "./binding-active.ts";
import { BUILT_IN_CONTRACTS } from "./built-in.ts";
import type { BuiltInContract } from "./contract.ts";
import { notPublic } from "./not-public.ts";
import { cadence } from "./wire/cadence.ts";
import { invokes } from "./wire/invokes.ts";
import { respondsWithin } from "./wire/responds-within.ts";

const FILE = path.join(import.meta.dirname, "..", "..", "docs", "built-in-contracts.md");

const INTRODUCTION = `# Built-in contracts

A contract is a promise about a run of a site, judged when the run has ended, by its record alone: the timeline, what daprd said of
itself at the end, exit codes, the component files. Its verdict is \`held\`, \`broken\` or \`unknown\`; \`unknown\` means that it could not be
seen, and is never a pass. A broken one has a symptom, the failure in words that do not differ from run to run, and names another broken
one that it follows from where that is known.

\`\`\`ts
import { BUILT_IN_CONTRACTS, check, startSite } from "sitecar";

await using site = await startSite(definition);
const judgements = check(BUILT_IN_CONTRACTS, await site.conclude());
\`\`\`

\`readRunRecord(folder)\` gives the record of a run that has ended, \`.sitecar/runs/<id>/\`.

## Your own

A contract is an object with a name, its promise in one sentence, and a pure function from a record to judgements: one for each thing it
speaks of, none where it does not apply. One that throws is \`unknown\`. A module exports them as \`contracts\`, or each under a name of its
own; one with a built-in's name takes its place.

\`\`\`ts
import type { Contract } from "sitecar";

const blobsAreSmall: Contract = {
  name: "blobsAreSmall",
  promise: "No blob is larger than 1 KiB.",
  judge: ({ events }) => {
    const large = events.filter((event) => event.type === "blob.created" && event.size > 1024);
    return [
      large.length === 0
        ? { contract: "blobsAreSmall", verdict: "held", evidence: [] }
        : {
            contract: "blobsAreSmall",
            verdict: "broken",
            symptom: "a blob is too large",
            evidence: [\`\${large.length} blobs are larger than 1 KiB\`],
          },
    ];
  },
};

export const contracts: readonly Contract[] = [blobsAreSmall];
\`\`\`

## Those to choose

Contracts about one thing of a site, with bounds of your own. They are judged where they are named: in a module for \`--contracts\`, or in a
test. Most of them look at the wire, which a run with a tap has (\`sitecar up --tap\`, \`tap: true\`).

\`\`\`ts
import { bindingActive, cadence, invokes, respondsWithin } from "sitecar";

export const contracts = [
  cadence("batch", { count: { least: 5 }, jitterMs: { p99: 50 }, phaseShiftMs: 100 }),
  bindingActive("batch"),
  invokes("blob", "create"),
  respondsWithin("/.internal/batch", { from: "dapr", mostMs: 1000, p99Ms: 200 }),
];
\`\`\`

\`sitecar judge [run] --contracts ./contracts.ts\` tells every verdict on a run that has ended, with its evidence; \`--cadence\` adds the
cadence of each cron binding, and \`--json\` has the figures. In a test:

\`\`\`ts
test("the batch ticks", async ({ site }) => {
  await probePublicRoutes({
    url: site.url,
    routes: inputBindingRoutes(site.componentFiles()),
    timeline: site.timeline,
    signal: site.signal,
  });
  const record = await site.conclude();
  const judgements = check([cadence("batch"), notPublic("/.internal/**")], record);
  expect(judgements.filter(({ verdict }) => verdict !== "held")).toEqual([]);
  expect(cadenceOf(record, "batch")[0]?.intervalMs?.p99).toBeLessThan(1010);
});
\`\`\`

TO_CHOOSE

## Those that are built in

All of them are judged unless others are chosen. This part and the one before are made from the contracts by
\`npx vitest run --project unit harness/contracts/docs.test.ts --update\`; without \`--update\` that test checks it. A source such as A3.9 is a
row of [fidelity.md](fidelity.md).
`;

const TO_CHOOSE = [
  cadence("batch"),
  bindingActive("batch"),
  invokes("blob", "create"),
  respondsWithin("/.internal/batch"),
  notPublic("/.internal/**"),
];

function describeContract({ name, promise, about, symptoms }: BuiltInContract): string {
  return [
    `### \`${name}\``,
    promise,
    about,
    `Broken with: ${symptoms.map((symptom) => `\`${symptom}\``).join(", ")}.`,
  ].join("\n\n");
}

it("docs/built-in-contracts.md says what the contracts say", { timeout: 60_000 }, async () => {
  const toChoose = TO_CHOOSE.map(describeContract).join("\n\n");
  const builtIn = BUILT_IN_CONTRACTS.map(describeContract).join("\n\n");
  const text = await format(`${INTRODUCTION.replace("TO_CHOOSE", () => toChoose)}\n${builtIn}\n`, {
    parser: "markdown",
    printWidth: 110,
  });
  await expect(text).toMatchFileSnapshot(FILE);
});
