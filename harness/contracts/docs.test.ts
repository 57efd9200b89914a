import path from "node:path";

import { format } from "prettier";
import { expect, it } from "vitest";

import { BUILT_IN_CONTRACTS } from "./built-in.ts";

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

## Those that are built in

All of them are judged unless others are chosen. This part is made from the contracts by
\`npx vitest run --project unit harness/contracts/docs.test.ts --update\`; without \`--update\` that test checks it. A source such as A3.9 is a
row of [fidelity.md](fidelity.md).
`;

it("docs/built-in-contracts.md says what the contracts say", { timeout: 60_000 }, async () => {
  const sections = BUILT_IN_CONTRACTS.map(({ name, promise, about, symptoms }) =>
    [
      `### \`${name}\``,
      promise,
      about,
      `Broken with: ${symptoms.map((symptom) => `\`${symptom}\``).join(", ")}.`,
    ].join("\n\n"),
  );
  const text = await format(`${INTRODUCTION}\n${sections.join("\n\n")}\n`, {
    parser: "markdown",
    printWidth: 110,
  });
  await expect(text).toMatchFileSnapshot(FILE);
});
