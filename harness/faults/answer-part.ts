import type { FaultData } from "../schedule/step.ts";
import type { FaultAttribute } from "./fault-kind.ts";
import { choiceIn } from "./read-attribute.ts";

/** How much of an answer comes, in words. */
export const PARTS = { nothing: "nothing of it", head: "its head", half: "half of it" } as const;

export type AnswerPart = keyof typeof PARTS;

const CHOICES = ["nothing", "head", "half"] as const;

export const PART_ATTRIBUTE: FaultAttribute = {
  about:
    "How much of the answer comes: nothing, its head, or half of its body; of an answer without body, half of its head. Default half.",
  type: "string",
  required: false,
  oneOf: CHOICES,
};

export function partIn(data: FaultData): AnswerPart {
  return choiceIn(data, "sent", CHOICES, "half");
}
