import { createHash } from "node:crypto";
import type { DaprComponent } from "../dapr/component-files.ts";
import { bytesOf, headerOf, type SeenExchange, type WireHeaders } from "../wire/exchange.ts";
import { pactBody, isJsonBody } from "./bodies.ts";
import { splitPath } from "./compare.ts";
import type { Direction } from "./direction.ts";
import type {
  MatchingRules,
  PactBody,
  PactHeaders,
  PactInteraction,
  PactRequest,
  RuleList,
} from "./pact-file.ts";
import { topicOf } from "./spoken.ts";
import { escapeRegex, one, regex, templateOf, textRule } from "./text-rule.ts";
import { valueRules } from "./value-rules.ts";
import { OPTIONS_TAKEN, PRODUCT_HEADERS, TRANSPORT_HEADERS, VARYING_HEADERS } from "./varying.ts";

/** An exchange of which everything was seen. */
export interface WholeExchange extends SeenExchange {
  readonly response: NonNullable<SeenExchange["response"]>;
}

/** What exchanges that are the same but for what varies have in common: one key, one interaction. */
export function sameAs(
  exchange: WholeExchange,
  direction: Direction,
  components: readonly DaprComponent[],
): string {
  const { operation } = topicOf(exchange, direction, components);
  const { request, response } = exchange;
  return [
    request.method,
    templateOf(splitPath(request.path).pathname),
    operation ?? "",
    response.status,
  ].join(" ");
}

/** States what these exchanges have in common; the first is the example. */
export function statementOf(
  exchanges: readonly [WholeExchange, ...WholeExchange[]],
  direction: Direction,
  components: readonly DaprComponent[],
): Omit<PactInteraction, "comments" | "pending"> & { readonly topic: ReturnType<typeof topicOf> } {
  const [example] = exchanges;
  const topic = topicOf(example, direction, components);
  const description = `${topic.description}: ${example.response.status}`;
  return {
    topic,
    type: "Synchronous/HTTP",
    key: createHash("sha256")
      .update(`${direction} ${sameAs(example, direction, components)}`)
      .digest("hex")
      .slice(0, 16),
    description,
    request: requestOf(exchanges),
    response: responseOf(exchanges),
  };
}

function requestOf(exchanges: readonly [WholeExchange, ...WholeExchange[]]): PactRequest {
  const requests = exchanges.map(({ request }) => request);
  const { pathname, query } = splitPath(exchanges[0].request.path);
  const path = textRule(requests.map((request) => splitPath(request.path).pathname));
  const queryRules = queryRulesOf(requests.map((request) => splitPath(request.path).query));
  const message = messageOf(requests.map(({ headers, body }) => ({ headers, bytes: bytesOf(body) })));
  const rules: MatchingRules = {
    ...(path === undefined ? {} : { path }),
    ...(Object.keys(queryRules).length === 0 ? {} : { query: queryRules }),
    ...message.rules,
  };
  return {
    method: exchanges[0].request.method,
    path: pathname,
    ...(Object.keys(query).length === 0 ? {} : { query }),
    headers: message.headers,
    body: message.body,
    ...(Object.keys(rules).length === 0 ? {} : { matchingRules: rules }),
  };
}

function responseOf(exchanges: readonly [WholeExchange, ...WholeExchange[]]): PactInteraction["response"] {
  const [{ request, response }] = exchanges;
  const message = messageOf(
    exchanges.map((exchange) => ({
      headers: exchange.response.headers,
      bytes: bytesOf(exchange.response.body),
    })),
  );
  const taken = request.method === "OPTIONS" && OPTIONS_TAKEN.includes(response.status);
  if (taken) {
    // Daprd looks at nothing else of this answer.
    return {
      status: response.status,
      matchingRules: { status: { "": one({ match: "statusCode", status: OPTIONS_TAKEN }) } },
    };
  }
  return {
    status: response.status,
    headers: message.headers,
    body: message.body,
    ...(Object.keys(message.rules).length === 0 ? {} : { matchingRules: message.rules }),
  };
}

interface Message {
  readonly headers: WireHeaders;
  readonly bytes: Buffer;
}

function messageOf(messages: readonly Message[]): {
  readonly headers: PactHeaders;
  readonly body: PactBody;
  readonly rules: Pick<MatchingRules, "header" | "body">;
} {
  const bodies = messages.map(({ headers, bytes }) => pactBody(bytes, headerOf(headers, "content-type")));
  const body = bodies[0] ?? { content: "" };
  const bodyRules = bodyRulesOf(bodies);
  const stated = Object.entries(headersOf(messages));
  const header = Object.fromEntries(
    stated.flatMap(([name, { rule }]) => (rule === undefined ? [] : [[name, rule]])),
  );
  return {
    headers: Object.fromEntries(stated.map(([name, { value }]) => [name, [value]])),
    body,
    rules: {
      ...(Object.keys(header).length === 0 ? {} : { header }),
      ...(Object.keys(bodyRules).length === 0 ? {} : { body: bodyRules }),
    },
  };
}

function bodyRulesOf(bodies: readonly PactBody[]): Readonly<Record<string, RuleList>> {
  if (bodies.every(isJsonBody)) return valueRules(bodies.map(({ content }) => content));
  if (!bodies.every(({ content, encoded }) => typeof content === "string" && encoded !== "base64")) return {};
  const rule = textRule(bodies.map(({ content }) => String(content)));
  return rule === undefined ? {} : { $: rule };
}

/** Headers that every message has, those of the transport left out. */
function headersOf(
  messages: readonly Message[],
): Readonly<Record<string, { readonly value: string; readonly rule: RuleList | undefined }>> {
  const [first] = messages;
  const names = new Map((first?.headers ?? []).map(([name]) => [name.toLowerCase(), name]));
  const stated: Record<string, { readonly value: string; readonly rule: RuleList | undefined }> = {};
  for (const [lower, name] of names) {
    if (TRANSPORT_HEADERS.has(lower)) continue;
    const values = messages.map(({ headers }) =>
      headers
        .filter(([other]) => other.toLowerCase() === lower)
        .map(([, value]) => value)
        .join(", "),
    );
    if (values.some((value) => value === "") && values.some((value) => value !== "")) continue;
    stated[name] = { value: values[0] ?? "", rule: headerRule(lower, values) };
  }
  return stated;
}

function headerRule(name: string, values: readonly string[]): RuleList | undefined {
  const varying = VARYING_HEADERS[name];
  if (varying !== undefined && values.every((value) => new RegExp(`^(?:${varying})$`).test(value))) {
    return one(regex(varying));
  }
  if (PRODUCT_HEADERS.has(name)) {
    const [product = ""] = values;
    const template = product
      .split(/(\d+(?:\.\d+)+)/)
      .map((part, index) => (index % 2 === 1 ? String.raw`\d+(?:\.\d+)+` : escapeRegex(part)))
      .join("");
    return template === escapeRegex(product) ? undefined : one(regex(template));
  }
  return textRule(values);
}

function queryRulesOf(
  queries: readonly Readonly<Record<string, readonly string[]>>[],
): Readonly<Record<string, RuleList>> {
  const names = Object.keys(queries[0] ?? {});
  return Object.fromEntries(
    names.flatMap((name) => {
      const rule = textRule(queries.flatMap((query) => query[name] ?? []));
      return rule === undefined ? [] : [[name, rule]];
    }),
  );
}
