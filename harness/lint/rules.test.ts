import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SiteFiles } from "../definition/test-support/site-files.ts";
import { lint } from "./lint.ts";
import { loadContext } from "./load-context.ts";
import { RULES } from "./rules.ts";
import { SITE_RULES } from "./site/rules.ts";
import { CRON_COMPONENT } from "./test-support/cron-component.ts";

/** What two files say together can't be shown by one. */
const OF_TWO_FILES = ["SC035"];

let files: SiteFiles;

beforeAll(async () => {
  files = await SiteFiles.create();
  await files.put("batch.yaml", CRON_COMPONENT);
});

afterAll(async () => {
  await files[Symbol.asyncDispose]();
});

/** What the example is, by how it begins. */
function fileNameOf(example: string): string {
  if (example.startsWith("[")) return "sitecontainers.json";
  return example.startsWith("services:") ? "compose.yaml" : "sitecar.yaml";
}

describe("the rules", () => {
  it("have ids that are given once and rise", () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    for (const id of SITE_RULES.map((rule) => rule.id)) expect(id).toMatch(/^SC0\d\d$/);
  });

  it("have names that are given once, in kebab-case", () => {
    const names = RULES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    "%s says what, why and where it is from",
    (_, rule) => {
      for (const sentence of [rule.title, rule.reason]) expect(sentence).toMatch(/^\S.*\.$/s);
      expect(rule.source).toMatch(/A\d\.\d+|https:\/\/|dapr|components-contrib/);
    },
  );

  it.each(SITE_RULES.map((rule) => [rule.id, rule] as const))("%s has a remedy", (_, rule) => {
    expect(rule.remedy).toMatch(/^[A-Z].*\.$/);
  });

  const withExample = SITE_RULES.filter(({ id }) => !OF_TWO_FILES.includes(id));

  it.each(withExample.map((rule) => [rule.id, rule] as const))(
    "%s has an example that breaks it",
    async (_, rule) => {
      const file = await files.put(fileNameOf(rule.example ?? ""), rule.example ?? "");
      const context = await loadContext({ files: [file, path.join(files.directory, "batch.yaml")] });
      const { findings, faults } = lint(context);
      expect(faults).toEqual([]);
      expect(findings.map((finding) => finding.rule)).toContain(rule.id);
    },
  );
});
