import { bytesOfBody, isJsonBody, pactBody } from "./bodies.ts";
import { compareValues, ruleAt } from "./compare-value.ts";
import { show, type Difference } from "./difference.ts";
import { describeRule, satisfies } from "./match-value.ts";
import type {
  ActualRequest,
  ActualResponse,
  MatchingRules,
  PactBody,
  PactHeaders,
  PactRequest,
  PactResponse,
  RuleList,
} from "./pact-file.ts";
import { SPEAKERS_HEADERS, TRANSPORT_HEADERS } from "./varying.ts";

type Headers = ActualRequest["headers"];

/** Each field in which a request is not the stated one. What a request has beyond the contract breaks it, but for headers. */
export function compareRequest(stated: PactRequest, actual: ActualRequest): readonly Difference[] {
  const rules = stated.matchingRules ?? {};
  const { pathname, query } = splitPath(actual.path);
  return [
    ...compareScalar("request.method", stated.method, actual.method),
    ...compareScalar("request.path", stated.path, pathname, rules.path),
    ...compareValues(stated.query ?? {}, query, {
      rules: queryRules(rules),
      field: "request.query.",
      addedBreaks: true,
    }),
    ...compareHeaders("request.header.", stated.headers ?? {}, actual.headers, rules),
    ...compareBodies("request.body.", stated.body, actual.body, {
      headers: actual.headers,
      rules,
      addedBreaks: true,
    }),
  ];
}

/** Each field in which an answer is not the stated one. */
export function compareResponse(stated: PactResponse, actual: ActualResponse): readonly Difference[] {
  const rules = stated.matchingRules ?? {};
  return [
    ...compareScalar("response.status", stated.status, actual.status, Object.values(rules.status ?? {})[0]),
    ...compareHeaders("response.header.", stated.headers ?? {}, actual.headers, rules),
    ...compareBodies("response.body.", stated.body, actual.body, {
      headers: actual.headers,
      rules,
      addedBreaks: false,
    }),
  ];
}

export function splitPath(path: string): {
  readonly pathname: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
} {
  const at = path.indexOf("?");
  if (at < 0) return { pathname: path, query: {} };
  const parameters = new URLSearchParams(path.slice(at));
  const names = [...new Set(parameters.keys())];
  return {
    pathname: path.slice(0, at),
    query: Object.fromEntries(names.map((name) => [name, parameters.getAll(name)])),
  };
}

function compareScalar(
  field: string,
  stated: unknown,
  actual: unknown,
  rule?: RuleList,
): readonly Difference[] {
  const fits = rule === undefined ? stated === actual : satisfies(rule, stated, actual);
  return fits
    ? []
    : [{ field, kind: "changed", stated: describeStated(stated, rule), seen: show(actual), breaks: true }];
}

function compareHeaders(
  field: string,
  stated: PactHeaders,
  actual: Headers,
  { header: rules = {} }: MatchingRules,
): readonly Difference[] {
  const seen = valuesByName(actual);
  const differences = Object.entries(stated).flatMap(([name, values]): readonly Difference[] => {
    const rule = Object.entries(rules).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
    const found = seen.get(name.toLowerCase());
    const expected = values.join(", ");
    const breaks = !SPEAKERS_HEADERS.has(name.toLowerCase());
    if (found === undefined) {
      return [{ field: field + name, kind: "missing", stated: describeStated(expected, rule), breaks }];
    }
    const differs = compareScalar(field + name, normal(name, expected), normal(name, found.value), rule);
    return differs.map((difference) => ({ ...difference, breaks }));
  });
  const known = new Set(Object.keys(stated).map((name) => name.toLowerCase()));
  const added = [...seen]
    .filter(([name]) => !known.has(name) && !TRANSPORT_HEADERS.has(name))
    .map(([, { name, value }]): Difference => ({
      field: field + name,
      kind: "added",
      seen: show(value),
      breaks: false,
    }));
  return [...differences, ...added];
}

function compareBodies(
  field: string,
  stated: PactBody | undefined,
  actual: Buffer,
  context: { readonly headers: Headers; readonly rules: MatchingRules; readonly addedBreaks: boolean },
): readonly Difference[] {
  if (stated === undefined) return [];
  const rules = context.rules.body ?? {};
  const seen = pactBody(actual, valuesByName(context.headers).get("content-type")?.value);
  if (isJsonBody(stated)) {
    // JSON is compared as JSON, also when it does not call itself so; that it does not is the header's difference.
    const content = isJsonBody(seen) ? seen.content : pactBody(actual, "application/json").content;
    return compareValues(stated.content, content, { rules, field, addedBreaks: context.addedBreaks });
  }
  const rule = ruleAt(rules, "$");
  if (rule !== undefined) return compareScalar(`${field}$`, stated.content, actual.toString("utf8"), rule);
  return bytesOfBody(stated).equals(actual)
    ? []
    : [
        {
          field: `${field}$`,
          kind: "changed",
          stated: show(stated.content),
          seen: show(seen.content),
          breaks: true,
        },
      ];
}

interface HeaderValues {
  /** As it is written. */
  readonly name: string;
  readonly value: string;
}

/** By the name in lower case; several of one name are one list. */
function valuesByName(headers: Headers): ReadonlyMap<string, HeaderValues> {
  const values = new Map<string, HeaderValues>();
  for (const [name, value] of headers) {
    const before = values.get(name.toLowerCase());
    values.set(name.toLowerCase(), {
      name,
      value: before === undefined ? value : `${before.value}, ${value}`,
    });
  }
  return values;
}

/** `text/plain; charset=UTF-8` and `text/plain;charset=utf-8` are the same. */
function normal(name: string, value: string): string {
  return name.toLowerCase() === "content-type" ? value.toLowerCase().replaceAll(/\s*;\s*/g, ";") : value;
}

/** Pact names a query's rule by the parameter; each of its values is held to it. */
function queryRules({ query = {} }: MatchingRules): Readonly<Record<string, RuleList>> {
  return Object.fromEntries(Object.entries(query).map(([name, rule]) => [`$['${name}'][*]`, rule]));
}

function describeStated(stated: unknown, rule: RuleList | undefined): string {
  return rule === undefined ? show(stated) : `${show(stated)}, ${describeRule(rule)}`;
}
