import type { AnswerFailure, RequestChoice, StorageFailure } from "../platform/storage-failure.ts";
import type { FaultData } from "../schedule/step.ts";
import type { FaultAttribute } from "./fault-kind.ts";
import type { FaultTarget } from "./fault-target.ts";
import { optionalNumberIn, textIn } from "./read-attribute.ts";

/** Puts a failure of storage in force, and hands back its undo. */
export async function failStorage(
  { storage }: Pick<FaultTarget, "storage">,
  failure: StorageFailure,
): Promise<() => Promise<void>> {
  const fault = await storage.fail(failure);
  return () => fault.heal();
}

/** Of faults that meet single requests. */
export interface RequestAttributes {
  readonly first?: number;
  readonly method?: string;
}

export const REQUEST_ATTRIBUTES: Readonly<Record<keyof RequestAttributes, FaultAttribute>> = {
  first: {
    about: "Only so many requests, counted in each instance by itself; default: all.",
    type: "number",
    required: false,
    least: 1,
    most: 1_000_000,
  },
  method: {
    about: "Only requests with this HTTP method, for example PUT; default: any.",
    type: "string",
    required: false,
  },
};

export function requestChoiceIn(data: FaultData): RequestChoice {
  const first = optionalNumberIn(data, "first");
  return {
    ...(first === undefined ? {} : { first }),
    ...(data["method"] === undefined ? {} : { method: textIn(data, "method") }),
  };
}

/** For example ` to the first 3 PUT requests`; empty: to all. */
export function describeChoice({ first, method }: Pick<AnswerFailure, "first" | "method">): string {
  if (first === undefined && method === undefined) return "";
  const which = [
    ...(first === undefined ? [] : [`the first ${first}`]),
    ...(method === undefined ? [] : [method]),
  ];
  return ` to ${which.join(" ")} ${first === 1 ? "request" : "requests"}`;
}
