import type { Rule } from "../rule.ts";

/** What docs/lint.md says of the rules: a table of all, then a section of each. */
export function describeRules(rules: readonly Rule[]): string {
  const table = rules.map(
    ({ id, name, severity, title }) => `| [${id}](#${anchor(id, name)}) | ${severity} | ${cell(title)} |`,
  );
  return [
    ["| rule | severity | finds |", "| --- | --- | --- |", ...table].join("\n"),
    ...rules.map(describeRule),
  ].join("\n\n");
}

function describeRule({ id, name, severity, title, reason, remedy, example, source }: Rule): string {
  const language = example?.startsWith("[") === true ? "json" : "yaml";
  return [
    `## ${id} ${name}`,
    `**${escape(title)}** (${severity})`,
    escape(reason),
    ...(example === undefined ? [] : [`\`\`\`${language}\n${example.trimEnd()}\n\`\`\``]),
    ...(remedy === undefined ? [] : [`Fix: ${escape(remedy)}`]),
    `Source: ${source.replaceAll(/https:\/\/[^\s;,]+/g, "<$&>")}`,
  ].join("\n\n");
}

/** As GitHub makes it of a heading. */
function anchor(id: string, name: string): string {
  return `${id}-${name}`.toLowerCase();
}

function cell(text: string): string {
  return escape(text).replaceAll("|", "\\|");
}

/** What a reason says literally must not become formatting. */
function escape(text: string): string {
  return text.replaceAll(/[*<>]/g, String.raw`\$&`);
}
