import type { Matcher, RuleList, StatusClass } from "./pact-file.ts";

/** Whether a value is as a rule asks. `arrayContains` is not asked here: it speaks of elements, not of a value. */
export function satisfies({ combine, matchers }: RuleList, example: unknown, actual: unknown): boolean {
  const fits = (matcher: Matcher): boolean => matches(matcher, example, actual);
  return combine === "AND" ? matchers.every(fits) : matchers.some(fits);
}

function matches(matcher: Matcher, example: unknown, actual: unknown): boolean {
  switch (matcher.match) {
    case "regex":
      return new RegExp(matcher.regex).test(textOf(actual));
    case "include":
      return textOf(actual).includes(matcher.value);
    case "equality":
      return JSON.stringify(example) === JSON.stringify(actual);
    case "type":
      return kindOf(example) === kindOf(actual);
    case "number":
      return typeof actual === "number";
    case "integer":
      return Number.isInteger(actual);
    case "decimal":
      return typeof actual === "number" && !Number.isInteger(actual);
    case "boolean":
      return typeof actual === "boolean";
    case "null":
      return actual === null;
    case "statusCode":
      return typeof actual === "number" && isStatus(matcher.status, actual);
    case "arrayContains":
      return Array.isArray(actual);
    default:
      return matcher satisfies never;
  }
}

/** A rule in words. */
export function describeRule({ combine, matchers }: RuleList): string {
  return matchers.map(describeMatcher).join(combine === "AND" ? " and " : " or ");
}

function describeMatcher(matcher: Matcher): string {
  switch (matcher.match) {
    case "regex":
      return `/${matcher.regex}/`;
    case "include":
      return `has ${JSON.stringify(matcher.value)}`;
    case "statusCode":
      return typeof matcher.status === "string"
        ? `any ${matcher.status} status`
        : `one of ${matcher.status.join(", ")}`;
    case "arrayContains":
      return `a list with these ${matcher.variants.length}, in any order`;
    case "equality":
      return "exactly this";
    case "type":
      return "any of its kind";
    case "number":
    case "integer":
    case "decimal":
    case "boolean":
    case "null":
      return `any ${matcher.match}`;
    default:
      return matcher satisfies never;
  }
}

const CLASSES: Readonly<Record<StatusClass, (status: number) => boolean>> = {
  info: (status) => status >= 100 && status < 200,
  success: (status) => status >= 200 && status < 300,
  redirect: (status) => status >= 300 && status < 400,
  clientError: (status) => status >= 400 && status < 500,
  serverError: (status) => status >= 500 && status < 600,
  nonError: (status) => status < 400,
  error: (status) => status >= 400,
};

function isStatus(allowed: StatusClass | readonly number[], status: number): boolean {
  return typeof allowed === "string" ? CLASSES[allowed](status) : allowed.includes(status);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
}
