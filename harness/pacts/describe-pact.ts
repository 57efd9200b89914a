import { describeRule } from "./match-value.ts";
import type {
  MatchingRules,
  PactBody,
  PactFile,
  PactHeaders,
  PactInteraction,
  RuleList,
} from "./pact-file.ts";

/** A contract as Markdown: each interaction as it was seen, and below it what may be another value. */
export function describePact(pact: PactFile, others: readonly PactFile[] = []): string {
  const all = [pact, ...others].flatMap(({ interactions }) => interactions);
  return pact.interactions.map((one) => describeInteraction(one, all)).join("\n\n");
}

function describeInteraction(interaction: PactInteraction, all: readonly PactInteraction[]): string {
  const { description, comments, request, response, pending } = interaction;
  const query = Object.entries(request.query ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${name}=${encodeURIComponent(value)}`),
  );
  const path = request.path + (query.length === 0 ? "" : `?${query.join("&")}`);
  const varying = [
    ...rulesOf("request", request.matchingRules),
    ...rulesOf("answer", response.matchingRules),
  ].map(({ place, rule }) => `| ${cell(place)} | ${cell(describeRule(rule))} |`);
  return [
    `### ${description}`,
    [
      howOften(interaction, all),
      ...comments.text,
      ...(pending ? ["The rarer of two answers: nobody is held to it."] : []),
    ].join(" "),
    `\`\`\`http\n${[`${request.method} ${path} HTTP/1.1`, ...message(request.headers, request.body)].join("\n")}\n\`\`\``,
    `\`\`\`http\n${[`HTTP/1.1 ${response.status}`, ...message(response.headers, response.body)].join("\n")}\n\`\`\``,
    ...(varying.length === 0
      ? ["Nothing of it may be otherwise."]
      : [`| what may be otherwise | and how |\n| --- | --- |\n${varying.join("\n")}`]),
  ].join("\n\n");
}

function howOften({ comments: { sitecar } }: PactInteraction, all: readonly PactInteraction[]): string {
  const { tick, during, occurs } = sitecar;
  if (tick !== undefined) return `At each tick of \`${tick.schedule}\`.`;
  const outer = all.find(({ key }) => key === during?.key);
  const where = outer === undefined ? "" : ` while ${lower(outer.description)} waits for its answer`;
  if (occurs === "once") return `Once${where}.`;
  return during?.times === undefined ? `Again and again${where}.` : `${times(during.times)}${where}.`;
}

function message(headers: PactHeaders = {}, body?: PactBody): readonly string[] {
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    values.map((value) => `${name}: ${value}`),
  );
  if (body === undefined || body.content === "") return lines;
  const text = typeof body.content === "string" ? body.content : JSON.stringify(body.content, undefined, 2);
  return [...lines, "", text];
}

function rulesOf(
  side: string,
  rules: MatchingRules = {},
): readonly { readonly place: string; readonly rule: RuleList }[] {
  const named = (kind: string, own: Readonly<Record<string, RuleList>> = {}) =>
    Object.entries(own).map(([name, rule]) => ({ place: `${side}: ${kind} ${name}`.trim(), rule }));
  return [
    ...(rules.path === undefined ? [] : [{ place: `${side}: path`, rule: rules.path }]),
    ...named("status", rules.status),
    ...named("query", rules.query),
    ...named("header", rules.header),
    ...named("body", rules.body),
  ];
}

/** As code in a table's cell, whatever characters it has. */
function cell(text: string): string {
  return `\`${text.replaceAll("|", String.raw`\|`)}\``;
}

function times(count: number): string {
  return count === 1 ? "Once each time" : `${count} times each time`;
}

function lower(text: string): string {
  return text.replace(/: \d+$/, "");
}
