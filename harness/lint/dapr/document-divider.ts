import type { LintedComponentFile } from "../linted-component-file.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** A document of so many bytes does not fit into the buffer of daprd's scanner. */
const TOO_LONG_BYTES = 64 * 1024;

export const documentDivider: Rule = {
  id: "SC107",
  name: "document-divider",
  severity: "error",
  title: "daprd divides the file into documents otherwise than YAML does, and loses some of it.",
  reason:
    "daprd divides at lines that begin with --- and drops the rest of such a line. When the file ends within one that goes on, the document before it is lost. What follows a line of three dots is never read. A document of 64 KiB or more sends daprd's loader into a loop that takes memory until it is killed.",
  source: "daprd 1.18 pkg/internal/loader/disk/manifest.go (splitYamlDoc, decodeYaml); seen on 1.18.2",
  remedy: "Divide with a line of just ---, end the file with a line break, and keep documents below 64 KiB.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n--- # end",
  *check({ components }) {
    for (const file of components) {
      if (file.passedOver === "extension") continue;
      yield* unfinished(file);
      yield* dropped(file);
      yield* perDocument(file);
    }
  },
};

/** The last line begins a divider, goes on, and has no end. */
function* unfinished({ text, placeAt }: LintedComponentFile): Iterable<RuleFinding> {
  const found = /\n---[^\n]+$/.exec(text);
  if (found === null) return;
  const before =
    text
      .slice(0, found.index)
      .split(/\n---[^\n]*/)
      .at(-1) ?? "";
  if (before.replaceAll(/^\s*#.*$/gm, "").trim() === "") return;
  yield {
    place: placeAt(found.index + 1),
    message: "the file ends within this line, so daprd loses the document before it without a word.",
    remedy: "Take the line away, or end it with a line break.",
  };
}

/** Something stands on a divider's line that is no comment. */
function* dropped({ text, placeAt }: LintedComponentFile): Iterable<RuleFinding> {
  for (const { index, groups } of text.matchAll(/\n---(?<rest>[^\n]*)/g)) {
    const rest = groups?.["rest"] ?? "";
    if (!/^-*\s*(?:#.*)?$/.test(rest)) {
      yield {
        place: placeAt(index + 4),
        message: "daprd drops what stands on this line after ---.",
        remedy: "Begin a new line after ---.",
      };
    }
  }
}

function* perDocument({ documents }: LintedComponentFile): Iterable<RuleFinding> {
  for (const { text, yaml, placeAt } of documents) {
    const bytes = Buffer.byteLength(text);
    if (bytes >= TOO_LONG_BYTES) {
      yield {
        place: placeAt(0),
        message: `this document has ${bytes} bytes; from ${TOO_LONG_BYTES} on daprd never starts and takes memory until it is killed.`,
        remedy: "Put it into several documents, or long values into a secret store.",
      };
    }
    const further = yaml?.errors.find(({ code }) => code === "MULTIPLE_DOCS");
    if (further !== undefined) {
      yield {
        place: placeAt(further.pos[0]),
        message: "daprd never reads what follows: it divides documents at lines that begin with --- only.",
        remedy: "Put a line --- here instead of the three dots.",
      };
    }
  }
}
