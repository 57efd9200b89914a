import path from "node:path";

import { format } from "prettier";
import { expect, it } from "vitest";

import { describeRules } from "./output/markdown.ts";
import { RULES } from "./rules.ts";

const FILE = path.join(import.meta.dirname, "..", "..", "docs", "lint.md");

const INTRODUCTION = `# Lint

\`sitecar lint [files…]\` reads what is deployed and says what will not work on App Service, before it is deployed. It needs no
container engine. It takes everything that \`sitecar up\` takes (site file, spec file, ARM, \`az … list -o json\`, Compose, \`.env\`)
and Dapr component files, or folders of them; component files that a site file names (\`daprSidecars[].componentFiles\`) are
looked at, too.

Of what is not among the inputs nothing is said: without app settings no reference to one is called wrong.

| option | what it does |
| --- | --- |
| \`--format text\\|json\\|sarif\\|github\` | for a terminal, for programs, SARIF 2.1.0 for code scanning, GitHub annotations |
| \`--output FILE\` | write the findings there |
| \`--severity error\\|warning\\|note\` | leave out what is less grave |
| \`--max-warnings N\` | end with 1 when there are more |
| \`--rule ID\`, \`--disable ID\` | look with this rule only, or without it; repeatable |
| \`--list-rules\`, \`--explain ID\` | say what the rules are |

It ends with 0 without errors, 1 with one, 2 when a rule failed (a fault of sitecar; the others are told all the same), 64 when it
was called wrongly.

In YAML a comment turns rules off: \`# sitecar-disable SC015\` at the end of a line for that line, on a line of its own for the
next one, and \`# sitecar-disable-file SC015\` for the file. JSON has no comments: use \`--disable\`.

Secrets of the site are masked in every format.

This page is made from the rules by \`npx vitest run --project unit harness/lint/docs.test.ts --update\`; without \`--update\`
that test checks it. A source such as A1.12 is a row of [fidelity.md](fidelity.md).
`;

// Formatting so long a page takes its time on a machine that is busy with containers.
it("docs/lint.md says what the rules say", { timeout: 60_000 }, async () => {
  const text = await format(`${INTRODUCTION}\n${describeRules(RULES)}\n`, {
    parser: "markdown",
    printWidth: 110,
  });
  await expect(text).toMatchFileSnapshot(FILE);
});
