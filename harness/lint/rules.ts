import { DAPR_RULES } from "./dapr/rules.ts";
import type { Rule } from "./rule.ts";
import { SITE_RULES } from "./site/rules.ts";

/** Every rule, in the order of their ids. */
export const RULES: readonly Rule[] = [...SITE_RULES, ...DAPR_RULES].toSorted((a, b) =>
  a.id < b.id ? -1 : 1,
);
