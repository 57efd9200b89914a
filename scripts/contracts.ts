import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { readSite } from "../harness/definition/read-site.ts";
import { readPair } from "../harness/pacts/read-pair.ts";
import { recordPacts } from "../harness/pacts/record-pacts.ts";
import { recordSite, type RecordSiteOptions } from "../harness/pacts/record-site.ts";
import { recordingOf } from "../harness/pacts/recording-of.ts";
import { verifySidecarContainer } from "../harness/pacts/verify-containers.ts";
import { writePacts } from "../harness/pacts/write-pacts.ts";
import { withoutDirection } from "../scenarios/support/example-site.ts";

/**
 * Records the example's contracts anew, and verifies the other versions of daprd against them; docs/contracts.md is made from the
 * files by a test. Needs a container engine.
 *
 *     node scripts/contracts.ts
 */

const SITE = path.join(import.meta.dirname, "../fixtures/sites/example");
/** Beside the one that the example is built with. 1.14.4 is of the example's time. */
const OTHER_VERSIONS = ["1.14.4"];

const site = await readSite(SITE);

async function record(folder: string, options: RecordSiteOptions): Promise<void> {
  const { toMain, toSidecar, leftOut } = recordPacts(recordingOf(await recordSite(site, options)));
  const written = await writePacts(path.join(SITE, folder), [toMain, toSidecar]);
  process.stdout.write(`${written.join("\n")}\n${leftOut.length} exchanges left out\n`);
}

await record("contracts", {});
// The example's own main refuses OPTIONS, and would be silent; the stand-in main takes it.
await record("contracts-without-direction", {
  files: await withoutDirection(),
  standIn: { container: "main", writes: { binding: "blob", client: "sdk", connects: "lazily" } },
});

const pacts = await readPair([path.join(SITE, "contracts")]);
const versions = path.join(SITE, "contracts-versions");
await mkdir(versions, { recursive: true });
for (const version of OTHER_VERSIONS) {
  const verification = await verifySidecarContainer({ version, tickEvery: "1s" }, { site, pacts });
  await writeFile(path.join(versions, `${version}.json`), `${JSON.stringify(verification, undefined, 2)}\n`);
  process.stdout.write(`daprd ${version}: ${verification.verdict}\n`);
}
