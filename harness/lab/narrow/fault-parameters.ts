import type { FaultKind } from "../../faults/fault-kind.ts";
import type { FaultData } from "../../schedule/step.ts";
import type { Parameter } from "./parameter.ts";

export interface AttributeParameter extends Omit<Parameter, "at"> {
  readonly at: (value: number) => FaultData;
}

/** Attributes of which more is worse: in milliseconds, and counts of requests. A status or a port is a number too, but no amount. */
export function attributesOf(fault: FaultData, kinds: readonly FaultKind[]): readonly AttributeParameter[] {
  const attributes = kinds.find(({ name }) => name === fault.fault)?.attributes;
  return Object.entries(fault).flatMap(([name, value]) => {
    const inMs = name.endsWith("Ms");
    if (typeof value !== "number" || !(inMs || name === "first")) return [];
    return [
      {
        what: words(fault.fault, name),
        ...(inMs ? {} : { unit: "requests" }),
        value,
        least: attributes?.[name]?.least ?? (inMs ? 0 : 1),
        at: (other) => ({ ...fault, [name]: other }),
      },
    ];
  });
}

/** What the number says of the site, where the fault's name does not read so. */
const WORDS: Readonly<Record<string, string>> = {
  "app-answers-slowly": "main answers later than",
  "app-listens-late": "main listens later than",
  "app-route-late": "main has its route later than",
};

/** `identity answers later than`, for the kinds that slow something; else the attribute's own name. */
function words(fault: string, attribute: string): string {
  const known = WORDS[fault];
  if (known !== undefined && attribute.endsWith("Ms")) return known;
  const [subject = fault, how] = fault.split("-");
  if (how === "slow" && attribute.endsWith("Ms")) return `${subject} answers later than`;
  if (attribute === "first") return `${fault.replaceAll("-", " ")} for more than the first`;
  return `${attribute} of ${fault} above`;
}
