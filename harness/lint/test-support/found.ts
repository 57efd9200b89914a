import { lint } from "../lint.ts";
import type { Rule } from "../rule.ts";
import { contextOf, type Written } from "./context-of.ts";

/** What one rule finds in a text, each as `line:column message`, with the severity where it is not the rule's. */
export function found(rule: Rule, text: string, written?: Written): string[] {
  const { findings, faults } = lint(contextOf(text, written), { rules: [rule] });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return findings.map(
    ({ place, message, severity }) =>
      `${place.line}:${place.column} ${severity === rule.severity ? "" : `(${severity}) `}${message}`,
  );
}

/** A site file with these containers: each a name and its properties as YAML flow, an image added where none is. */
export function containers(all: Readonly<Record<string, string>>, rest = ""): string {
  const items = Object.entries(all).map(([name, properties]) => {
    const image = /\bimage:/.test(properties) ? "" : `image: shop/${name}:1, `;
    return `  - name: ${JSON.stringify(name)}\n    properties: { ${image}${properties} }\n`;
  });
  return `siteContainers:\n${items.join("")}${rest}`;
}
