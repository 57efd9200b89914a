import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { format } from "prettier";
import { expect, it } from "vitest";

import { describePact } from "./describe-pact.ts";
import { formatDifference } from "./difference.ts";
import { readPair } from "./read-pair.ts";
import type { Verification } from "./verification.ts";

const FILE = path.join(import.meta.dirname, "..", "..", "docs", "contracts.md");
const SITE = path.join(import.meta.dirname, "..", "..", "fixtures", "sites", "example");

const INTRODUCTION = `# The contract of the wire

What main and its Dapr sidecar say to each other is a contract that nobody writes down. sitecar records it from a run, and holds a new
main, or another daprd, against it.

\`\`\`
sitecar contract record                         # runs the site with the tap, and writes contracts/
sitecar contract record --run .sitecar/runs/latest   # from a run that was made with \`sitecar up --tap\`
sitecar contract verify contracts --main        # the site's main, alone: no daprd, no storage
sitecar contract verify contracts --main my/app:dev
sitecar contract verify contracts --main http://127.0.0.1:9000
sitecar contract verify contracts --sidecar     # the site's sidecar, without its main
sitecar contract verify contracts --sidecar twin --sidecar 1.14.4 --tick-every 1s
\`\`\`

\`record\` writes two files, one for each direction: \`<sidecar>-<main>.json\`, what daprd asks main, and \`<main>-<sidecar>.json\`, what main
asks daprd. Check them in. \`verify\` says of every interaction whether it is \`held\` or \`broken\`, and field by field what is otherwise;
what an answer has beyond the contract is told, and breaks nothing. It ends with 0 when all is held, 1 when something is broken, 2 when it
could not be seen, 64 for a file or an option that is none.

**A main** is started alone; a relay of sitecar's listens where it looks for daprd. What daprd asked is asked again, and what main asks
meanwhile is answered as daprd did and held against the contract: also how often, so that a second blob for one tick is seen. A main at a
URL has to look for its sidecar on this machine, at the recorded port or at \`--sidecar-port\`. What language it is written in does not
matter.

**A sidecar** is started with its storage and identity; the relay listens where it looks for main. What main asked is asked again, and
what daprd asks is held against the contract: two requests for one tick are seen by the time between them. A version (\`1.14.4\`) is
daprd's own image with the site's component files, \`twin\` is [the twin](twin.md), which is asked in this process. At a URL, give
\`--app-port\` to stand in main's place.

**What may be otherwise** from run to run, and is stated by a rule: times, UUIDs, trace contexts, milliseconds since 1970 inside a text,
loopback ports, the numbers in a product's version, process ids, the order of components. All else is stated exactly as it was seen; a
rule can be edited by hand. Headers that only say how a message was carried (\`Connection\`, \`Date\`, \`Content-Length\`, …) are left
out; that \`User-Agent\` and \`Accept…\` are others is told and breaks nothing. A header that the tap masked, as \`dapr-api-token\`, is
given by \`--header dapr-api-token=…\`.

**Pact.** The files are in Pact's form, version 4, so that its tools read them; a test of this repository lets Pact's own verifier hold a
main and a sidecar against them. What Pact has no words for (how often, in answer to what) stands in each interaction's
\`comments.sitecar\`, which its tools carry along. gRPC is not recorded; it is told as left out.

In code: \`recordPacts\`, \`readPair\`, \`verifyMain\`, \`verifySidecar\`, \`verifyTwin\`, \`verifyMainContainer\`,
\`verifySidecarContainer\` of \`sitecar\`.
`;

it("docs/contracts.md says what the recorded files say", { timeout: 60_000 }, async () => {
  const pacts = await readPair([path.join(SITE, "contracts")]);
  const asking = await readPair([path.join(SITE, "contracts-without-direction")]);
  const { daprd, appPort, daprPort } = pacts.toSidecar.metadata.sitecar;
  const options = asking.toMain.interactions.filter(({ request }) => request.method === "OPTIONS");
  const text = await format(
    [
      INTRODUCTION,
      "## The example's contract",
      `Recorded from a run of \`fixtures/sites/example\` with daprd ${daprd}, which finds main at port ${appPort} and listens at ${daprPort}, by
\`npm run contracts\`. This part is made from the files by \`npx vitest run --project unit harness/pacts/docs.test.ts --update\`;
without \`--update\` that test checks it.`,
      "## What daprd asks main",
      describePact(pacts.toMain, [pacts.toSidecar]),
      "Without `direction: input` in the component daprd asks first. So it was recorded with sitecar's stand-in main; the example's own " +
        "answers 404, and would never be called.",
      describePact({ ...asking.toMain, interactions: options }),
      "## What main asks daprd",
      describePact(pacts.toSidecar, [pacts.toMain]),
      "## Other versions of daprd",
      `Held against the contract of ${daprd} by \`npm run contracts\`, each built from its Go module.`,
      ...(await versions()),
    ].join("\n\n"),
    { parser: "markdown", printWidth: 110 },
  );
  await expect(text).toMatchFileSnapshot(FILE);
});

async function versions(): Promise<readonly string[]> {
  const folder = path.join(SITE, "contracts-versions");
  const files = (await readdir(folder)).toSorted();
  return await Promise.all(
    files.map(async (file) => {
      const verification = JSON.parse(await readFile(path.join(folder, file), "utf8")) as Verification;
      return describeVersion(verification);
    }),
  );
}

function describeVersion({ against, verdict, results, unstated }: Verification): string {
  const rows = results.flatMap(({ description, differences }) =>
    differences.map((one) => `- ${description}: \`${formatDifference(one)}\``),
  );
  const foreign = unstated.map(
    ({ method, path: asked }) => `- it asks \`${method} ${asked}\`, which no contract states`,
  );
  const found = [...rows, ...foreign];
  return [`### ${against}: ${verdict}`, found.length === 0 ? "Nothing is otherwise." : found.join("\n")].join(
    "\n\n",
  );
}
