import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPact, parsePact } from "./read-pact.ts";
import { readPair } from "./read-pair.ts";
import { recordPacts } from "./record-pacts.ts";
import { exampleRecording } from "./test-support/example-exchanges.ts";
import { pactText, writePacts } from "./write-pacts.ts";

const { toMain, toSidecar } = recordPacts(exampleRecording());
const TEXT = pactText(toMain);

/** The recorded file with one thing changed. */
function changed(change: (pact: Record<string, unknown>) => void): string {
  const pact = JSON.parse(TEXT) as Record<string, unknown>;
  change(pact);
  return JSON.stringify(pact);
}

describe("parsePact refuses, with the reason,", () => {
  it.each([
    ["no JSON", "{", "it is no JSON"],
    ["a list", "[]", "it is no object"],
    ["no consumer", changed((pact) => delete pact["consumer"]), "it names no consumer"],
    [
      "another specification",
      TEXT.replace('"4.0"', '"3.0.0"'),
      `it is of Pact's specification "3.0.0", not "4.0"`,
    ],
    [
      "Pact's own files",
      changed((pact) => (pact["metadata"] = { pactSpecification: { version: "4.0" } })),
      "which side is main",
    ],
    [
      "other names",
      TEXT.replace('"name": "dapr"', '"name": "daprd"'),
      `its consumer "daprd" and provider "main" are not`,
    ],
    ["no interactions", changed((pact) => delete pact["interactions"]), "it has no list of interactions"],
    [
      "a message",
      TEXT.replace("Synchronous/HTTP", "Asynchronous/Messages"),
      `interaction 1 is of type "Asynchronous/Messages"`,
    ],
    [
      "no occurrence",
      TEXT.replace('"occurs": "once"', '"occurs": "often"'),
      "interaction 1 does not say in comments.sitecar",
    ],
    [
      "a rule that is not known",
      TEXT.replace('"match": "regex"', '"match": "semver"'),
      `interaction 1 has a rule "semver", which sitecar does not know`,
    ],
    [
      "an expression that is none",
      TEXT.replace('"regex": "^', '"regex": "(^'),
      "interaction 1 has a rule whose expression is none",
    ],
  ])("%s", (_, text, reason) => {
    expect(() => parsePact(text, "x.json")).toThrow(reason);
    expect(() => parsePact(text, "x.json")).toThrow(
      expect.objectContaining({ code: "CONTRACT_FILE_INVALID" }),
    );
  });
});

describe("readPair", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "sitecar-pair-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("takes the folder, or both files in any order", async () => {
    const [first = "", second = ""] = await writePacts(directory, [toMain, toSidecar]);
    const pair = await readPair([directory]);
    expect([pair.toMain.consumer.name, pair.toSidecar.consumer.name]).toEqual(["dapr", "main"]);
    expect(await readPair([second, first])).toEqual(pair);
  });

  it("refuses one direction alone, and one twice", async () => {
    const [first = ""] = await writePacts(directory, [toMain]);
    for (const places of [[directory], [first, first], []]) {
      await expect(readPair(places)).rejects.toMatchObject({ code: "USAGE" });
    }
  });

  it("says what can't be read", async () => {
    await expect(readPact(path.join(directory, "none.json"))).rejects.toMatchObject({
      code: "FILE_NOT_READABLE",
    });
    await writeFile(path.join(directory, "a.json"), "{}");
    await expect(readPair([directory])).rejects.toMatchObject({ code: "CONTRACT_FILE_INVALID" });
  });
});
