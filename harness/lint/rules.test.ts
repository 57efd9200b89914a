import { describe, expect, it } from "vitest";

import { lint } from "./lint.ts";
import { RULES } from "./rules.ts";
import { SITE_RULES } from "./site/rules.ts";
import { contextOf } from "./test-support/context-of.ts";
import { CRON_COMPONENT } from "./test-support/cron-component.ts";

/** What reading reports: no definition has it, so the rules about it have nothing to look at. */
const OF_READING = ["SC001", "SC005"];
/** Rules about what two files say. */
const OF_TWO_FILES = ["SC035"];

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
      expect(rule.source).toMatch(/A\d\.\d+|https:\/\/|daprd?|C:|D:/);
    },
  );

  it.each(SITE_RULES.map((rule) => [rule.id, rule] as const))("%s has a remedy", (_, rule) => {
    expect(rule.remedy).toMatch(/^[A-Z].*\.$/);
  });

  const withExample = SITE_RULES.filter(({ id }) => ![...OF_READING, ...OF_TWO_FILES].includes(id));

  it.each(withExample.map((rule) => [rule.id, rule] as const))(
    "%s has an example that breaks it",
    (_, rule) => {
      const example = rule.example ?? "";
      const { findings, faults } = lint(
        contextOf(example, {
          name: example.startsWith("[") ? "sitecontainers.json" : "sitecar.yaml",
          components: { "batch.yaml": CRON_COMPONENT },
        }),
      );
      expect(faults).toEqual([]);
      expect(findings.map((finding) => finding.rule)).toContain(rule.id);
    },
  );
});
