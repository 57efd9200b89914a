import type { DiagnosisRule } from "./diagnosis.ts";

/** The rules as Markdown: a table of all, then one section for each. */
export function describeDiagnosisRules(rules: readonly DiagnosisRule[]): string {
  const rows = rules.map(({ id, about }) => `| [${id}](#${id}) | ${escape(about)} |`);
  return ["| rule | what happens |", "| --- | --- |", ...rows, "", ...rules.map(describe)].join("\n");
}

function describe({ id, about, explains, advice, source, insteadOf }: DiagnosisRule): string {
  return [
    `## ${id}`,
    "",
    about,
    "",
    ...advice.map((one) => `- ${one}`),
    "",
    `Breaks ${[...new Set(explains)].map((name) => `\`${name}\``).join(", ")}.`,
    ...(insteadOf === undefined
      ? []
      : [`Told instead of ${insteadOf.map((other) => `[${other}](#${other})`).join(", ")}.`]),
    `Source: ${source}.`,
    "",
  ].join("\n");
}

function escape(text: string): string {
  return text.replaceAll("|", String.raw`\|`);
}
