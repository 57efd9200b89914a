import { SitecarError } from "../errors/index.ts";
import type { FaultData } from "../schedule/step.ts";

/** A number of a fault's data. @throws {SitecarError} USAGE where it is none: data are checked before they get here. */
export function numberIn(data: FaultData, attribute: string): number {
  const value = data[attribute];
  return typeof value === "number" ? value : wrong(data, attribute, "a number");
}

export function textIn(data: FaultData, attribute: string): string {
  const value = data[attribute];
  return typeof value === "string" ? value : wrong(data, attribute, "text");
}

/** For attributes that may be left out. */
export function optionalNumberIn(data: FaultData, attribute: string): number | undefined {
  return data[attribute] === undefined ? undefined : numberIn(data, attribute);
}

/** One of the texts that an attribute may have. @param fallback where it is left out. */
export function choiceIn<const Choice extends string>(
  data: FaultData,
  attribute: string,
  choices: readonly Choice[],
  fallback?: Choice,
): Choice {
  const value = data[attribute] ?? fallback;
  return choices.find((choice) => choice === value) ?? wrong(data, attribute, `one of ${choices.join(", ")}`);
}

function wrong({ fault, ...data }: FaultData, attribute: string, expected: string): never {
  throw new SitecarError("USAGE", {
    message: `${attribute} of the fault ${fault} is ${JSON.stringify(data[attribute])} instead of ${expected}.`,
    remedy: "`sitecar faults` lists what each fault takes.",
  });
}
