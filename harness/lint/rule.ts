import type { LoadedSite } from "../definition/loaded-site.ts";
import type { Place } from "../definition/problems.ts";
import type { LintedComponentFile } from "./linted-component-file.ts";
import type { LintedFile } from "./linted-file.ts";

/** `error`: it will not work. `warning`: it works by luck, or not as meant. `note`: worth knowing. */
export type Severity = "error" | "warning" | "note";

/** Gravest first. */
export const SEVERITIES = ["error", "warning", "note"] as const satisfies readonly Severity[];

/** What lint reports: one place where one rule is broken. */
export interface Finding {
  /** The rule's id. */
  readonly rule: string;
  readonly severity: Severity;
  readonly place: Place;
  /** What is wrong here, with the names involved; one sentence. */
  readonly message: string;
  /** What to write instead; one sentence. */
  readonly remedy: string;
}

/** Everything that rules look at. */
export interface LintContext {
  /** Absent: only component files are linted. */
  readonly site: LoadedSite | undefined;
  readonly components: readonly LintedComponentFile[];
  /** The site's files as they are written, for rules about one kind of file; absent: none can be looked into. */
  readonly files?: readonly LintedFile[];
}

/** What a rule says of a place; id and severity are the rule's unless the finding has its own severity. */
export type RuleFinding = Omit<Finding, "rule" | "severity"> & { readonly severity?: Severity };

/** One rule. Ids are for ever: SC001–SC099 the site, SC101–SC199 Dapr's component files. */
export interface Rule {
  readonly id: `SC${number}`;
  /** Kebab-case, for example `literal-in-environment-variables`. */
  readonly name: string;
  readonly severity: Severity;
  /** One line: what it finds. */
  readonly title: string;
  /** Why it matters: what happens on the platform. */
  readonly reason: string;
  /** A fact's id in docs/fidelity.md, or where it is documented. */
  readonly source: string;
  /** What to write instead, in general; for docs/lint.md. */
  readonly remedy?: string;
  /** A file that breaks the rule, as short as it can be; for docs/lint.md, and a test shows that it does. */
  readonly example?: string;
  /** Its check finds all that reading reports under its id, and says it better. Default: reading's words count, too. */
  readonly complete?: true;
  check(context: LintContext): Iterable<RuleFinding>;
}
