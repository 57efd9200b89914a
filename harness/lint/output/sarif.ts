import { createHash } from "node:crypto";

import { packageVersion } from "../../shared/package-version.ts";
import type { LintReport } from "../lint.ts";
import type { Finding, Rule } from "../rule.ts";
import { reportUri } from "./report-path.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const ROOT = "%SRCROOT%";

/** SARIF 2.1.0, as code scanning services take it. The same findings give the same text, on every machine. */
export function formatSarif(report: LintReport, workingDirectory: string): string {
  const { findings, faults, rules } = report;
  const fingerprint = fingerprints(workingDirectory);
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "sitecar", semanticVersion: packageVersion(), rules: rules.map(describeRule) },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [ROOT]: { description: { text: "The working directory." } } },
        invocations: [
          {
            executionSuccessful: faults.length === 0,
            toolExecutionNotifications: faults.map(({ rule, message }) => ({
              level: "error",
              message: { text: `The rule failed: ${message}` },
              associatedRule: { id: rule },
            })),
          },
        ],
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
          level: finding.severity,
          message: { text: `${finding.message} Fix: ${finding.remedy}` },
          locations: [{ physicalLocation: locate(finding, workingDirectory) }],
          partialFingerprints: { "sitecarFinding/v1": fingerprint(finding) },
        })),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function describeRule(rule: Rule): unknown {
  const url = /https:\/\/\S+/.exec(rule.source)?.[0];
  const help = [rule.reason, rule.remedy === undefined ? "" : `Fix: ${rule.remedy}`, `Source: ${rule.source}`]
    .filter((part) => part !== "")
    .join("\n\n");
  return {
    id: rule.id,
    name: pascalCase(rule.name),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.reason },
    help: { text: help, markdown: help },
    ...(url === undefined ? {} : { helpUri: url }),
    defaultConfiguration: { level: rule.severity },
  };
}

function locate({ place }: Finding, workingDirectory: string): unknown {
  const uri = reportUri(place.file, workingDirectory);
  const snippet = place.lineText === "" ? {} : { snippet: { text: place.lineText.slice(0, 500) } };
  return {
    artifactLocation: uri.startsWith("file:") ? { uri } : { uri, uriBaseId: ROOT },
    region: { startLine: place.line, startColumn: place.column, ...snippet },
  };
}

/**
 * What stays the same when lines are added above: rule, file, the line's text and the message, and which of several equal
 * ones it is.
 */
function fingerprints(workingDirectory: string): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ rule, place, message }) => {
    const parts = [
      rule,
      reportUri(place.file, workingDirectory),
      place.lineText.trim(),
      message.replaceAll(/:\d+:\d+\b/g, ""),
    ];
    const key = JSON.stringify(parts);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${createHash("sha256").update(key).digest("hex").slice(0, 32)}:${count}`;
  };
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
