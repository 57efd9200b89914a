import path from "node:path";

import { format } from "prettier";
import { expect, it } from "vitest";

import { describeDiagnosisRules } from "./describe-rules.ts";
import { RULES } from "./rules.ts";

const FILE = path.join(import.meta.dirname, "..", "..", "docs", "diagnosis.md");

const INTRODUCTION = `# Diagnosis

\`sitecar explain [what]\` says why a run is broken: \`what\` is a run (its id or folder; without it the newest), or
\`<exploration>#<class>\`. Contracts judge the run's record; then these rules look for the cause in the timeline, in what daprd's
metadata and metrics told at the end, in exit codes, component files and the plan, and in a log line only where that line is the
evidence. Each cause is told with what it was concluded from, and with remedies. A cause that another one says more exactly is
left out; independent ones stand side by side. A contract of your own may be broken by any of them.

Where no rule fits, it says so, and shows the first difference between the run and the nearest one of the site that holds.

\`--try\` applies the remedies that are a change to the site's files to a copy of the site (a flag of daprd, a component's key, an
app setting, an entrypoint's last program), and runs the failing schedule again: the best first, until one turns red to green.
A race is run so often that luck alone would hold in one case of twenty at most. Nothing of yours is changed; what is placed over the images is among the run's differences.

It ends with 0 when nothing is broken or every remedy proved itself, 1 when something is broken, 2 when that could not be told.

This page is made from the rules by \`npx vitest run --project unit harness/diagnosis/docs.test.ts --update\`; without
\`--update\` that test checks it. A source such as A7.1 is a row of [fidelity.md](fidelity.md).
`;

// Formatting so long a page takes its time on a machine that is busy with containers.
it("docs/diagnosis.md says what the rules say", { timeout: 60_000 }, async () => {
  const text = await format(`${INTRODUCTION}\n${describeDiagnosisRules(RULES)}\n`, {
    parser: "markdown",
    printWidth: 110,
  });
  await expect(text).toMatchFileSnapshot(FILE);
});
