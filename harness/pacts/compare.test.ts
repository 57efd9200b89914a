import { describe, expect, it } from "vitest";
import { compareRequest, compareResponse } from "./compare.ts";
import { formatDifference } from "./difference.ts";
import type { ActualRequest, PactRequest, PactResponse } from "./pact-file.ts";
import { one } from "./text-rule.ts";

const STATED: PactRequest = {
  method: "POST",
  path: "/v1.0/state/orders",
  query: { consistency: ["strong"], at: ["2026-11-23T11:00:00Z"] },
  headers: { "Content-Type": ["application/json"], "Dapr-Caller": ["main"] },
  body: { content: { id: 1, items: ["a", "b"], total: 2.5 }, contentType: "application/json" },
  matchingRules: {
    query: { at: one({ match: "regex", regex: "^\\d{4}-.*Z$" }) },
    body: { "$.id": one({ match: "integer" }) },
  },
};

const ACTUAL: ActualRequest = {
  method: "POST",
  path: "/v1.0/state/orders?consistency=strong&at=2027-01-01T00:00:00Z",
  headers: [
    ["content-type", "application/json"],
    ["dapr-caller", "main"],
    ["Connection", "keep-alive"],
  ],
  body: Buffer.from('{"total":2.5,"items":["a","b"],"id":7}'),
};

const requestDiffers = (changes: Partial<ActualRequest>, stated = STATED): readonly string[] =>
  compareRequest(stated, { ...ACTUAL, ...changes }).map(formatDifference);

describe("compareRequest", () => {
  it("finds nothing where only what may vary does", () => {
    expect(requestDiffers({})).toEqual([]);
  });

  it.each([
    ["another method", { method: "PUT" }, 'request.method: "POST" → "PUT"'],
    [
      "another path",
      { path: ACTUAL.path.replace("orders", "order") },
      'request.path: "/v1.0/state/orders" → "/v1.0/state/order"',
    ],
    [
      "another value of a query",
      { path: ACTUAL.path.replace("strong", "weak") },
      'request.query.$.consistency[0]: "strong" → "weak"',
    ],
    [
      "a query that breaks its rule",
      { path: ACTUAL.path.replace("2027-", "") },
      'request.query.$.at[0]: "2026-11-23T11:00:00Z", /^\\d{4}-.*Z$/ → "01-01T00:00:00Z"',
    ],
    [
      "a query that is not there",
      { path: "/v1.0/state/orders?at=2027-01-01T00:00:00Z" },
      'request.query.$.consistency: ["strong"] → not there',
    ],
    [
      "a query that is not stated",
      { path: `${ACTUAL.path}&more=1` },
      'request.query.$.more: not stated → ["1"]',
    ],
    [
      "a header that is not there",
      { headers: ACTUAL.headers.slice(0, 1) },
      'request.header.Dapr-Caller: "main" → not there',
    ],
    [
      "a header that is not stated",
      { headers: [...ACTUAL.headers, ["X-A", "1"]] as ActualRequest["headers"] },
      'request.header.X-A: not stated → "1"  (breaks nothing)',
    ],
    [
      "another kind",
      { body: Buffer.from('{"total":2.5,"items":["a","b"],"id":"7"}') },
      'request.body.$.id: 1, any integer → "7"',
    ],
    [
      "a member that is not stated",
      { body: Buffer.from('{"total":2.5,"items":["a","b"],"id":7,"x":null}') },
      "request.body.$.x: not stated → null",
    ],
    [
      "an element that is gone",
      { body: Buffer.from('{"total":2.5,"items":["b"],"id":7}') },
      'request.body.$.items[*]: "a" → not there',
    ],
    [
      "elements in another order",
      { body: Buffer.from('{"total":2.5,"items":["b","a"],"id":7}') },
      'request.body.$.items[0]: "a" → "b"',
    ],
    ["no JSON", { body: Buffer.from("{") }, 'request.body.$: {"id":1,"items":["a","b"],"total":2.5} → "{"'],
  ])("finds %s", (_, changes, told) => {
    expect(requestDiffers(changes)).toContainEqual(told);
  });

  it("takes a path by its rule", () => {
    const stated = {
      ...STATED,
      matchingRules: { ...STATED.matchingRules, path: one({ match: "include", value: "/state/" }) },
    };
    expect(requestDiffers({ path: ACTUAL.path.replace("orders", "any") }, stated)).toEqual([]);
    expect(requestDiffers({ path: ACTUAL.path.replace("state", "secrets") }, stated)).toEqual([
      'request.path: "/v1.0/state/orders", has "/state/" → "/v1.0/secrets/orders"',
    ]);
  });

  it("is not broken by another client", () => {
    const stated = { ...STATED, headers: { ...STATED.headers, "User-Agent": ["a/1"], Accept: ["*/*"] } };
    const [agent, accept, ...more] = compareRequest(stated, {
      ...ACTUAL,
      headers: [...ACTUAL.headers, ["User-Agent", "b"]],
    });
    expect([agent, accept, more]).toMatchObject([
      { field: "request.header.User-Agent", kind: "changed", breaks: false },
      { field: "request.header.Accept", kind: "missing", breaks: false },
      [],
    ]);
  });
});

describe("compareResponse", () => {
  const stated: PactResponse = {
    status: 200,
    headers: { "Content-Type": ["text/plain; charset=utf-8"], Vary: ["a", "b"] },
    body: { content: "/wA=", encoded: "base64" },
  };
  const differs = (status: number, headers: ActualRequest["headers"], body: Buffer): readonly string[] =>
    compareResponse(stated, { status, headers, body }).map(formatDifference);

  it("compares bytes, and headers whatever their case, spaces and number", () => {
    const headers = [
      ["CONTENT-TYPE", "text/plain;charset=UTF-8"],
      ["vary", "a"],
      ["vary", "b"],
    ] as const;
    expect(differs(200, headers, Buffer.from([0xff, 0x00]))).toEqual([]);
    expect(differs(204, headers, Buffer.from([0xff]))).toEqual([
      "response.status: 200 → 204",
      'response.body.$: "/wA=" → "/w=="',
    ]);
  });

  it("says nothing of a body that is not stated", () => {
    const { body: _, ...bare } = stated;
    expect(
      compareResponse({ ...bare, headers: {} }, { status: 200, headers: [], body: Buffer.from("x") }),
    ).toEqual([]);
  });

  it("tells an empty body from one that has something", () => {
    const empty: PactResponse = { status: 204, body: { content: "" } };
    expect(compareResponse(empty, { status: 204, headers: [], body: Buffer.alloc(0) })).toEqual([]);
    expect(compareResponse(empty, { status: 204, headers: [], body: Buffer.from("x") })).toHaveLength(1);
  });
});
