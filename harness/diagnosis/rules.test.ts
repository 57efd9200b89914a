import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { diagnose } from "./diagnose.ts";
import { RULES } from "./rules.ts";
import { broken } from "./test-support/cases.ts";
import { runRecord } from "./test-support/record.ts";

const FOLDER = path.join(import.meta.dirname, "rules");

describe("the rules", () => {
  const ids = RULES.map(({ id }) => id);

  it("have ids of their own, and displace rules that there are", () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(id))).toEqual([]);
    expect(RULES.flatMap(({ insteadOf }) => insteadOf ?? []).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("never displace each other both ways, or nothing would be left", () => {
    const mutual = RULES.flatMap(({ id, insteadOf }) =>
      (insteadOf ?? []).filter((other) => RULES.find((rule) => rule.id === other)?.insteadOf?.includes(id)),
    );
    expect(mutual).toEqual([]);
  });

  it("are all in the list, one file each, and each is shown in a test", async () => {
    const files = await readdir(FOLDER);
    const texts = await Promise.all(files.map((file) => readFile(path.join(FOLDER, file), "utf8")));
    const names = texts.flatMap((text) =>
      [...text.matchAll(/^export const (\w+): DiagnosisRule/gm)].map(([, name]) => name),
    );
    const shown = texts.flatMap((text) => [...text.matchAll(/^showRule\((\w+),/gm)].map(([, name]) => name));
    expect(names).toHaveLength(RULES.length);
    expect(names.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it("find nothing in a good run, whatever is said to be broken", () => {
    const contracts = new Set(["ofMyOwn", ...RULES.flatMap(({ explains }) => explains)]);
    for (const contract of contracts) expect(diagnose(runRecord(), broken(contract))).toEqual([]);
  });
});
