import type { Rule } from "../../lint/rule.ts";
import { formatTable } from "../table.ts";

/** Every rule in a line. */
export function listRules(rules: readonly Rule[]): string {
  return formatTable([
    ["id", "severity", "name", "what it finds"],
    ...rules.map(({ id, severity, name, title }) => [id, severity, name, title]),
  ]);
}

/** One rule with everything it says of itself. */
export function explainRule({ id, name, severity, title, reason, remedy, example, source }: Rule): string {
  const indented = example
    ?.trimEnd()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
  return [
    `${id} ${name} (${severity})`,
    title,
    `Why: ${reason}`,
    ...(remedy === undefined ? [] : [`Fix: ${remedy}`]),
    `Source: ${source}`,
    ...(indented === undefined ? [] : [`For example:\n${indented}`]),
  ].join("\n\n");
}
