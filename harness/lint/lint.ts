import { redactor } from "./redact.ts";
import { SEVERITIES, type Finding, type LintContext, type Rule, type Severity } from "./rule.ts";
import { RULES } from "./rules.ts";
import { isSuppressed } from "./suppressions.ts";

export interface LintOptions {
  /** Default: every rule of sitecar. */
  readonly rules?: readonly Rule[];
  /** Ids of rules that are left out. */
  readonly disable?: readonly string[];
  /** Findings below it are left out. Default `note`: none. */
  readonly severity?: Severity;
}

/** A rule that failed: a fault of the harness, not of the files. What it would have found is not known. */
export interface RuleFault {
  readonly rule: string;
  readonly message: string;
}

export interface LintReport {
  /** In the order of files, lines, columns and rules; each once. */
  readonly findings: readonly Finding[];
  readonly faults: readonly RuleFault[];
  /** Those that were looked at, by id. */
  readonly rules: readonly Rule[];
}

/** A problem of reading breaks this rule where it names none that is more exact. */
const MALFORMED = "SC001";

/**
 * Looks at a site's files with every rule. What reading them found are findings, too. Nothing is thrown: each rule runs for
 * itself. Secrets of the site are masked in what comes out.
 */
export function lint(context: LintContext, options: LintOptions = {}): LintReport {
  const known = options.rules ?? RULES;
  const rules = known.filter(({ id }) => options.disable?.includes(id) !== true);
  const faults: RuleFault[] = [];
  const found: Finding[] = [];
  for (const rule of rules) {
    try {
      const own = [...rule.check(context)];
      found.push(
        ...own.map((one) => ({ ...one, rule: rule.id, severity: one.severity ?? rule.severity })),
        // What reading found of the same rule, where the rule itself does not say it better.
        ...problemFindings(context, rule, known).filter(
          ({ place }) =>
            rule.complete !== true &&
            own.every((one) => one.place.file !== place.file || one.place.line !== place.line),
        ),
      );
    } catch (error) {
      faults.push({ rule: rule.id, message: error instanceof Error ? error.message : String(error) });
    }
  }
  const suppressed = isSuppressed(context);
  const least = SEVERITIES.indexOf(options.severity ?? "note");
  const kept = found.filter(
    (finding) => SEVERITIES.indexOf(finding.severity) <= least && !suppressed(finding),
  );
  return { findings: withoutDoubles(kept.map(redactor(context))).toSorted(inOrder), faults, rules };
}

function problemFindings({ site }: LintContext, rule: Rule, known: readonly Rule[]): Finding[] {
  return (site?.problems ?? [])
    .filter((problem) => {
      const named = known.some(({ id }) => id === problem.rule) ? problem.rule : MALFORMED;
      return named === rule.id;
    })
    .map(({ place, message, remedy }) => ({
      rule: rule.id,
      severity: rule.severity,
      place,
      message,
      remedy,
    }));
}

function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, place: { file, line, column }, message }) => {
    const key = JSON.stringify([rule, file, line, column, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function inOrder(a: Finding, b: Finding): number {
  return (
    compare(a.place.file, b.place.file) ||
    a.place.line - b.place.line ||
    a.place.column - b.place.column ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message)
  );
}

/** By code units: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
