import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { BUILT_IN_CONTRACTS } from "./built-in.ts";
import { chooseContracts } from "./choose-contracts.ts";
import type { Contract } from "./contract.ts";
import { loadContracts } from "./load-contracts.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sitecar-contracts-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function load(text: string, name = "contracts.ts"): Promise<readonly string[]> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return (await loadContracts(file)).map((contract) => contract.name);
}

const ONE = `{ name: "blobsAreSmall", promise: "Blobs are small.", judge: () => [] }`;
const OTHER = `{ name: "noErrors", promise: "No errors.", judge: () => [] }`;

function names(...choice: Parameters<typeof chooseContracts>): readonly string[] {
  return chooseContracts(...choice).map(({ name }) => name);
}

describe("loadContracts", () => {
  test.for([
    ["a list", `export const contracts = [${ONE}, ${OTHER}];`],
    [
      "names of their own, whatever else is exported",
      `export const a = ${ONE}; export const limit = 3; export const b = ${OTHER};`,
    ],
    [
      "TypeScript",
      `interface X { readonly a: string }\nexport const contracts: readonly object[] = [${ONE}, ${OTHER}];`,
    ],
  ])("takes %s", async ([, text]) => {
    expect(await load(text ?? "")).toEqual(["blobsAreSmall", "noErrors"]);
  });

  test("a contract exported twice is one", async () => {
    expect(await load(`export const a = ${ONE}; export const b = a;`)).toEqual(["blobsAreSmall"]);
  });

  test.for([
    ["no contract", `export const limit = 3;`, "limit", "no object"],
    ["nothing", ``, "", ""],
    ["an empty list", `export const contracts = [];`, "", ""],
    [
      "a list with something else in it",
      `export const contracts = [${ONE}, { name: "x", promise: "X." }];`,
      "contracts[1]",
      "judge is no function",
    ],
    ["what is no list", `export const contracts = 3;`, "contracts", "no list"],
    ["one without a name", `export const a = { promise: "X.", judge: () => [] };`, "a", "name is no text"],
    [
      "two of one name",
      `export const contracts = [${ONE}, { ...${ONE} }];`,
      "blobsAreSmall",
      "two contracts",
    ],
  ] as const)("refuses %s, and says which", async ([, text, ...said]) => {
    await expect(load(text)).rejects.toMatchObject({ code: "CONTRACTS_UNREADABLE" });
    for (const one of said) await expect(load(text)).rejects.toThrow(one);
  });

  test("refuses a module that can't be loaded, with the reason", async () => {
    await expect(load(`export const a = ;`)).rejects.toMatchObject({ code: "CONTRACTS_UNREADABLE" });
    await expect(load(`throw new Error("not today");`, "other.ts")).rejects.toThrow("not today");
    await expect(loadContracts(path.join(folder, "none.ts"))).rejects.toMatchObject({
      code: "CONTRACTS_UNREADABLE",
      remedy: expect.stringContaining("correct the module, or the path"),
    });
  });
});

describe("chooseContracts", () => {
  const mine: Contract = { name: "mine", promise: "Mine.", judge: () => [] };
  const all = BUILT_IN_CONTRACTS.map(({ name }) => name);

  test("all, the user's last", () => {
    expect(names(BUILT_IN_CONTRACTS, [mine])).toEqual([...all, "mine"]);
  });

  test("only some, or without some", () => {
    expect(names(BUILT_IN_CONTRACTS, [mine], { only: ["mine", "siteStarts"] })).toEqual([
      "siteStarts",
      "mine",
    ]);
    expect(names(BUILT_IN_CONTRACTS, [], { without: ["firesOnce"] })).toEqual(all.slice(0, -1));
  });

  test("the user's takes the place of a built-in one", () => {
    const own = { ...mine, name: "recovers" };
    const chosen = chooseContracts(BUILT_IN_CONTRACTS, [own], { only: ["recovers"] });
    expect(chosen).toEqual([own]);
  });

  test("a name that none has is refused, with the nearest", () => {
    expect(() => names(BUILT_IN_CONTRACTS, [], { only: ["bindingActive"] })).toThrow(
      'Did you mean "bindingsActive"?',
    );
    expect(() => names(BUILT_IN_CONTRACTS, [mine], { without: ["mina"] })).toThrow('Did you mean "mine"?');
  });

  test("none left is wrong usage", () => {
    expect(() => names([], [mine], { without: ["mine"] })).toThrow("no contract is left");
  });
});
