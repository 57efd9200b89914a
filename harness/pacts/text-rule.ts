import type { Matcher, RuleList } from "./pact-file.ts";
import { VARYING_TEXTS } from "./varying.ts";

/** The rule that texts of one place share; `undefined`: they are all the same, and have to stay so. */
export function textRule(samples: readonly string[]): RuleList | undefined {
  const [first = "", ...others] = new Set(samples);
  const template = templateOf(first);
  if (others.some((other) => templateOf(other) !== template)) return one({ match: "type" });
  return template === escapeRegex(first) ? undefined : one(regex(template));
}

/** A regular expression for a text in which everything known to vary may be another one. */
export function templateOf(text: string): string {
  let template = "";
  for (let at = 0; at < text.length;) {
    const found = VARYING_TEXTS.map(({ find, pattern }) => {
      find.lastIndex = at;
      const [match] = find.exec(text) ?? [];
      return match === undefined ? undefined : { length: match.length, pattern };
    }).find((match) => match !== undefined);
    template += found?.pattern ?? escapeRegex(text.charAt(at));
    at += found?.length ?? 1;
  }
  return template;
}

export function regex(pattern: string): Matcher {
  return { match: "regex", regex: `^(?:${pattern})$` };
}

export function one(matcher: Matcher): RuleList {
  return { combine: "AND", matchers: [matcher] };
}

/** Only what is special in both JavaScript's and Rust's expressions. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
