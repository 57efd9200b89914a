import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readPair } from "../../harness/pacts/read-pair.ts";
import type { Verification } from "../../harness/pacts/verification.ts";
import { verifySidecarContainer } from "../../harness/pacts/verify-containers.ts";
import { exampleSite } from "../support/example-site.ts";

/** Compiling a daprd takes minutes, so this is not part of `npm test`. */
test(
  "daprd 1.14.4 differs from the recorded contract as docs/contracts.md says",
  { timeout: 900_000 },
  async ({ signal }) => {
    const text = await readFile("fixtures/sites/example/contracts-versions/1.14.4.json", "utf8");
    const stated = JSON.parse(text) as Verification;
    const pacts = await readPair(["fixtures/sites/example/contracts"]);
    const site = await exampleSite();
    const seen = await verifySidecarContainer(
      { version: "1.14.4", tickEvery: "1s" },
      { site, pacts, signal },
    );
    expect(seen).toEqual(stated);
    expect(seen.verdict).toBe("broken");
  },
);
