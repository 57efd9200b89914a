import type { Rule } from "../rule.ts";
import { faultOf } from "./yaml-nodes.ts";

const REST = "daprd skips the document with a warning and starts without what it holds";

export const componentYamlMalformed: Rule = {
  id: "SC102",
  name: "component-yaml-malformed",
  severity: "error",
  title: "This document is not valid YAML, and daprd skips it.",
  reason:
    "A document that can't be parsed costs a warning in daprd's log. daprd then starts, is healthy, and has no such component; other documents of the file are loaded.",
  source: "daprd 1.18 pkg/internal/loader/disk/manifest.go; seen on 1.18.2",
  remedy: "Correct the YAML; indent with blanks, never with tabs.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n\tname: jobs\nspec:\n  type: bindings.cron\n",
  *check({ components }) {
    for (const { documents, passedOver } of components) {
      if (passedOver === "extension") continue;
      for (const { yaml, placeAt } of documents) {
        if (yaml === undefined) {
          yield {
            place: placeAt(0),
            message: `this is nested too deep to be read; ${REST}.`,
            remedy: "Take the nesting apart.",
          };
          continue;
        }
        const fault = faultOf(yaml);
        if (fault === undefined) continue;
        const isTab = fault.code === "TAB_AS_INDENT";
        yield {
          place: placeAt(fault.pos[0]),
          message: isTab
            ? `a tab stands where only blanks indent; ${REST}.`
            : `${sentence(fault.message)}; ${REST}.`,
          remedy: isTab ? "Indent with blanks." : "Correct the YAML here.",
        };
      }
    }
  },
};

/** The parser's message without its excerpt, to go on with. */
function sentence(message: string): string {
  const [first = message] = message.split("\n", 1);
  const text = first.replace(/ at line \d+, column \d+:?$/, "").replace(/\.$/, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}
