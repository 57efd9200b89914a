import { lintedComponentFile } from "../../read-components.ts";
import type { LintContext, Rule } from "../../rule.ts";
import { DAPR_RULES } from "../rules.ts";

const FOLDER = "/site/components";

export function ruleOf(id: string): Rule {
  const found = DAPR_RULES.find((rule) => rule.id === id);
  if (found === undefined) throw new TypeError(`no rule ${id}`);
  return found;
}

/** What rules are handed for component files of one folder. */
export function contextOf(
  files: Readonly<Record<string, string>>,
  site?: LintContext["site"],
  folder: string | undefined = FOLDER,
): LintContext {
  return {
    site,
    components: Object.entries(files).map(([name, text]) =>
      lintedComponentFile(`${FOLDER}/${name}`, Buffer.from(text), folder),
    ),
  };
}

/** What a rule finds in the text of one file, as `severity line:column message`. */
export function findingsOf(rule: Rule, text: string): string[] {
  return findingsIn(rule, contextOf({ "c.yaml": text }));
}

export function findingsIn(rule: Rule, context: LintContext): string[] {
  return [...rule.check(context)].map(
    ({ severity, place, message }) => `${severity ?? rule.severity} ${place.line}:${place.column} ${message}`,
  );
}

/** A component whose first line of metadata is line 8. */
export function component(
  type: string,
  metadata: Readonly<Record<string, string>>,
  extra: { readonly spec?: string; readonly root?: string; readonly name?: string } = {},
): string {
  const entries = Object.entries(metadata).map(
    ([name, value]) => `    - { name: ${name}, value: ${value} }\n`,
  );
  return `apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${extra.name ?? "it"}\nspec:\n  type: ${type}\n  metadata:\n${entries.join("")}${extra.spec ?? ""}${extra.root ?? ""}`;
}

/** A cron binding without fault. */
export function cron(
  metadata: Readonly<Record<string, string>> = {},
  extra: Parameters<typeof component>[2] = {},
): string {
  return component("bindings.cron", { schedule: '"@hourly"', direction: "input", ...metadata }, extra);
}
