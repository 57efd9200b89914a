import type { LintReport } from "../lint.ts";
import type { Severity } from "../rule.ts";
import { reportPath } from "./report-path.ts";

const COMMANDS = { error: "error", warning: "warning", note: "notice" } as const satisfies Record<
  Severity,
  string
>;

/**
 * GitHub's workflow commands, one a line: annotations of a pull request's lines.
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function formatGithub({ findings, faults, rules }: LintReport, workingDirectory: string): string {
  const lines = findings.map(({ rule, severity, place, message, remedy }) => {
    const name = rules.find(({ id }) => id === rule)?.name ?? "";
    return command(COMMANDS[severity], `${message} Fix: ${remedy}`, {
      file: reportPath(place.file, workingDirectory),
      line: place.line,
      col: place.column,
      title: `${rule} ${name}`.trimEnd(),
    });
  });
  const failed = faults.map(({ rule, message }) =>
    command("error", `The rule failed: ${message}`, { title: `sitecar failed in ${rule}` }),
  );
  return [...lines, ...failed].join("\n");
}

function command(
  name: string,
  message: string,
  properties: Readonly<Record<string, string | number>>,
): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${written.join(",")}::${escapeData(message)}`;
}

/** A line's end would end the command. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** In properties, what divides them has to be written otherwise, too. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
