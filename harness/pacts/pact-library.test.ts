import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Verifier } from "@pact-foundation/pact-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PlayedSide } from "./played-side.ts";
import { parsePact } from "./read-pact.ts";
import { recordPacts } from "./record-pacts.ts";
import { serveSide } from "./serve-side.ts";
import { exampleRecording } from "./test-support/example-exchanges.ts";
import { startSmallMain, type SmallMainOptions } from "./test-support/small-main.ts";
import { pactText, writePacts } from "./write-pacts.ts";

// Pact's own verifier is a native library that is loaded at its first use.
vi.setConfig({ testTimeout: 60_000 });

const recorded = recordPacts(exampleRecording());
const toSidecar = parsePact(pactText(recorded.toSidecar), "recorded");

let directory: string;
let files: readonly string[];
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-pacts-"));
  files = await writePacts(directory, [recorded.toMain, recorded.toSidecar]);
});
afterEach(() => rm(directory, { recursive: true }));

/** What Pact's verifier makes of each interaction, and of which fields it says that they differ. */
async function pactVerifies(provider: string, file: string | undefined, url: string) {
  // It rejects with what it resolves to where all is well: its account as JSON.
  const verifier = new Verifier({
    provider,
    providerBaseUrl: url,
    pactUrls: [file ?? ""],
    logLevel: "error",
  });
  const account = await verifier.verify().catch((error: unknown) => (error as Error).message);
  const { interactionResults } = JSON.parse(account) as {
    readonly interactionResults: readonly {
      readonly description: string;
      readonly result: string;
      readonly mismatch?: { readonly mismatches: readonly { readonly type: string }[] };
    }[];
  };
  return interactionResults.map(({ description, result, mismatch }) => [
    description,
    result === "OK"
      ? "OK"
      : (mismatch?.mismatches
          .map(({ type }) => type)
          .toSorted()
          .join(" ") ?? "no reason"),
  ]);
}

async function pactVerifiesMain(how: Omit<SmallMainOptions, "sidecar"> = {}) {
  await using sidecar = await serveSide(new PlayedSide(toSidecar), 0);
  await using main = await startSmallMain({ sidecar: sidecar.url, ...how });
  return await pactVerifies("main", files[0], main.url);
}

async function pactVerifiesSidecar(change: (text: string) => string) {
  const other = parsePact(change(pactText(recorded.toSidecar)), "other");
  await using sidecar = await serveSide(new PlayedSide(other), 0);
  return await pactVerifies("dapr", files[1], sidecar.url);
}

const CONFIG = "daprd asks for the app's Dapr configuration: 404";
const OPTIONS = 'daprd asks whether the app takes the binding "batch": 200';
const TICK = 'a tick of the cron binding "batch": 200';
const METADATA = "main asks for the sidecar's metadata: 200";
const CREATE = 'main asks the binding "blob" for create: 200';

/** The example's two components, the second one first. */
function reordered(text: string): string {
  return JSON.stringify(JSON.parse(text), (name, value: unknown) =>
    name === "components" && Array.isArray(value) ? value.toReversed() : value,
  );
}

describe("Pact's own verifier", () => {
  it.each([
    ["a main as recorded", {}, "OK", "OK"],
    ["405 to OPTIONS, which daprd takes", { optionsStatus: 405 }, "OK", "OK"],
    ["404 to OPTIONS", { optionsStatus: 404 }, "StatusMismatch", "OK"],
    ["500 to a tick", { tickStatus: 500 }, "OK", "StatusMismatch"],
    ["another route", { route: "/.internal/batches" }, "StatusMismatch", "BodyMismatch StatusMismatch"],
  ])("reads what daprd asks: %s", async (_, how, options, tick) => {
    expect(await pactVerifiesMain(how)).toEqual([
      [CONFIG, "OK"],
      [OPTIONS, options],
      [TICK, tick],
    ]);
  });

  it.each([
    ["a sidecar as recorded", (text: string) => text, "OK", "OK"],
    [
      "other times and versions",
      (text: string) => text.replaceAll("batch_1", "batch_2").replaceAll("1.18.2", "1.19.0"),
      "OK",
      "OK",
    ],
    [
      "another scheme",
      (text: string) => text.replace('"blobURL": "https', '"blobURL": "http'),
      "OK",
      "BodyMismatch",
    ],
    [
      "a component of another type",
      (text: string) => text.replace('"type": "bindings.cron"', '"type": "bindings.kafka"'),
      "BodyMismatch",
      "OK",
    ],
    ["components in another order", reordered, "OK", "OK"],
  ])("reads what main asks: %s", async (_, change, metadata, create) => {
    expect(await pactVerifiesSidecar(change)).toEqual([
      [METADATA, metadata],
      [CREATE, create],
    ]);
  });
});
