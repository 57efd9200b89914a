import path from "node:path";

import type { Finding, LintContext } from "./rule.ts";

/** What the comments of one file turn off. */
interface Suppressions {
  readonly everywhere: ReadonlySet<string>;
  /** By line, counted from 1. */
  readonly lines: ReadonlyMap<number, ReadonlySet<string>>;
}

const COMMENT = /#\s*sitecar-(?<scope>disable-file|disable)\s+(?<ids>SC\d{3}(?:[\s,]+SC\d{3})*)/;

/**
 * What `# sitecar-disable SC012` turns off: at the end of a line that line, on a line of its own the next one;
 * `# sitecar-disable-file SC012` the whole file. In YAML and `.env` files; JSON has no comments.
 */
export function isSuppressed(context: LintContext): (finding: Finding) => boolean {
  const files = new Map<string, Suppressions>();
  for (const { path: file, text } of context.files ?? []) files.set(file, readSuppressions(file, text));
  for (const { file, text } of context.components) files.set(file.path, readSuppressions(file.path, text));
  return ({ rule, place }) => {
    const found = files.get(place.file);
    return found?.everywhere.has(rule) === true || found?.lines.get(place.line)?.has(rule) === true;
  };
}

function readSuppressions(file: string, text: string): Suppressions {
  const everywhere = new Set<string>();
  const lines = new Map<number, Set<string>>();
  if (path.extname(file).toLowerCase() !== ".json" && text.includes("sitecar-disable")) {
    for (const [index, line] of text.split("\n").entries()) {
      const match = COMMENT.exec(line);
      if (match === null) continue;
      const ids = match.groups?.["ids"]?.split(/[\s,]+/) ?? [];
      const target = line.slice(0, match.index).trim() === "" ? index + 2 : index + 1;
      const set = match.groups?.["scope"] === "disable-file" ? everywhere : (lines.get(target) ?? new Set());
      for (const id of ids) set.add(id);
      if (set !== everywhere) lines.set(target, set);
    }
  }
  return { everywhere, lines };
}
