import type { RuleList } from "./pact-file.ts";
import { memberPath } from "./value-path.ts";
import { one, regex, textRule } from "./text-rule.ts";
import { PROCESS_MEMBERS, UNORDERED_MEMBERS, VERSION_MEMBERS, VERSION_PATTERN } from "./varying.ts";

export type Rules = Record<string, RuleList>;

/**
 * The rules for a JSON value from samples of it; what has none stays exactly as the first sample is. An object's members that
 * are not in every sample, and lists of different lengths, are stated by their kind alone.
 */
export function valueRules(samples: readonly unknown[], path = "$", member = ""): Rules {
  const [first] = samples;
  if (typeof first === "string" && samples.every((one_) => typeof one_ === "string")) {
    if (
      VERSION_MEMBERS.test(member) &&
      samples.every((text) => new RegExp(`^${VERSION_PATTERN}$`).test(text))
    ) {
      return { [path]: one(regex(VERSION_PATTERN)) };
    }
    if (PROCESS_MEMBERS.test(member) && samples.every((text) => /^\d+$/.test(text))) {
      return { [path]: one(regex(String.raw`\d+`)) };
    }
    const rule = textRule(samples);
    return rule === undefined ? {} : { [path]: rule };
  }
  if (Array.isArray(first) && samples.every((value) => Array.isArray(value))) {
    return listRules(first, samples, path, member);
  }
  if (isObject(first) && samples.every(isObject)) {
    const own = Object.keys(first);
    const same = samples.every(
      (value) => Object.keys(value).length === own.length && own.every((name) => name in value),
    );
    if (!same) return { [path]: one({ match: "type" }) };
    return Object.assign(
      {},
      ...own.map((name) =>
        valueRules(
          samples.map((value) => value[name]),
          memberPath(path, name),
          name,
        ),
      ),
    );
  }
  if (samples.every((value) => value === first)) {
    return typeof first === "number" && PROCESS_MEMBERS.test(member)
      ? { [path]: one({ match: "integer" }) }
      : {};
  }
  return {
    [path]: one({ match: samples.every((value) => typeof value === "number") ? "number" : "type" }),
  };
}

function listRules(
  first: readonly unknown[],
  samples: readonly (readonly unknown[])[],
  path: string,
  member: string,
): Rules {
  if (UNORDERED_MEMBERS.has(member)) {
    const variants = first.map((element, index) => ({ index, rules: valueRules([element], "$") }));
    return { [path]: one({ match: "arrayContains", variants }) };
  }
  if (samples.some((value) => value.length !== first.length)) return { [path]: one({ match: "type" }) };
  return Object.assign(
    {},
    ...first.map((_, index) =>
      valueRules(
        samples.map((value) => value[index]),
        `${path}[${index}]`,
      ),
    ),
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
