import type { FaultData } from "../schedule/step.ts";
import type { FaultAttribute, FaultKind } from "./fault-kind.ts";

/** `a whole number from 200 to 599: The HTTP status …`. */
export function describeAttribute(attribute: FaultAttribute): string {
  const optional = attribute.required ? "" : ", may be left out";
  return `${describeRange(attribute)}${optional}: ${attribute.about}`;
}

/** `a whole number from 200 to 599`. */
export function describeRange({ type, least, most, whole, oneOf, names }: FaultAttribute): string {
  if (oneOf !== undefined) return `one of ${oneOf.join(", ")}`;
  if (names === "container") return "the name of a container of the site, or storage";
  if (type === "boolean") return "true or false";
  if (type === "string") return "a text";
  const number = whole === true ? "a whole number" : "a number";
  if (least === undefined) return most === undefined ? number : `${number} up to ${most}`;
  return most === undefined ? `${number} from ${least} up` : `${number} from ${least} to ${most}`;
}

/** All kinds, for a terminal. */
export function formatKinds(kinds: readonly FaultKind[]): string {
  return kinds
    .map(({ name, about, attributes }) => {
      const entries = Object.entries(attributes);
      const width = Math.max(0, ...entries.map(([attribute]) => attribute.length));
      const lines = entries.map(
        ([attribute, one]) => `    ${attribute.padEnd(width)}   ${describeAttribute(one)}`,
      );
      return [name, `  ${about}`, ...lines].join("\n");
    })
    .join("\n\n");
}

/** What docs/faults.md says of the kinds: a table of all, then a section of each. */
export function kindsAsMarkdown(kinds: readonly FaultKind[]): string {
  const table = kinds.map(({ name, about }) => `| [${name}](#${name}) | ${cell(about)} |`);
  return [
    ["| fault | what the site meets |", "| --- | --- |", ...table].join("\n"),
    ...kinds.map(kindAsMarkdown),
  ].join("\n\n");
}

function kindAsMarkdown({ name, about, attributes }: FaultKind): string {
  const rows = Object.entries(attributes).map(
    ([attribute, one]) =>
      `| \`${attribute}\` | ${one.required ? "yes" : "no"} | ${cell(describeRange(one))} | ${cell(one.about)} |`,
  );
  const table = [
    "| attribute | required | value | what it says |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  return [`### ${name}`, cell(about), rows.length === 0 ? "It has no attributes." : table].join("\n\n");
}

/** As {@link FAULT_KINDS} in `sitecar faults --json`. */
export function kindsAsJson(kinds: readonly FaultKind[]): readonly object[] {
  return kinds.map(({ name, about, attributes }) => ({ name, about, attributes }));
}

/** Its data in one line, as `--fault` takes them: `identity-slow delayMs=8000`. */
export function formatFault({ fault, ...attributes }: FaultData): string {
  return [fault, ...Object.entries(attributes).map(([name, value]) => `${name}=${value}`)].join(" ");
}

function cell(text: string): string {
  return text.replaceAll("|", String.raw`\|`).replaceAll(/[*<>]/g, String.raw`\$&`);
}
