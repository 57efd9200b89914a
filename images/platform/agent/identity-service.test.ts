import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentIdentity } from "../../../harness/platform/agent-protocol.ts";
import { portOf } from "../../../harness/platform/test-support/listening.ts";
import { serveIdentity } from "./identity-service.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";

const identity: AgentIdentity = {
  address: "127.0.0.1",
  port: 0,
  header: "the-secret",
  tenantId: "aaaaaaaa-0000-4000-8000-000000000001",
  clientId: "bbbbbbbb-0000-4000-8000-000000000002",
  principalId: "cccccccc-0000-4000-8000-000000000003",
  tokenLifetimeSeconds: 86_400,
};
const STORAGE = "https://storage.azure.com";
const reporter = new CollectingReporter();
let server: Awaited<ReturnType<typeof serveIdentity>>;

beforeAll(async () => {
  server = await serveIdentity(identity, reporter);
});
afterAll(() => server.close());

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

const current = { "api-version": "2019-08-01", resource: STORAGE };
const authorised = { "x-identity-header": "the-secret" };

async function ask({ path = "/msi/token", method = "GET", query = current, headers = authorised }: Asked) {
  const url = `http://127.0.0.1:${portOf(server)}${path}?${new URLSearchParams(query).toString()}`;
  const asked = request(url, { method, headers }).end();
  const [answer] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString());
  return { status: Number(answer.statusCode), type: String(answer.headers["content-type"]), body };
}

const refusal = (statusCode: number, message: string) => ({
  statusCode,
  message,
  correlationId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
});

describe("a token (A6.2, A6.3)", () => {
  test("2019-08-01: exactly the documented fields, times as strings", async () => {
    const { status, type, body } = await ask({});
    expect(status).toBe(200);
    expect(type).toContain("application/json");
    expect(body).toEqual({
      access_token: expect.any(String),
      client_id: identity.clientId,
      expires_on: expect.stringMatching(/^\d{10}$/),
      not_before: expect.stringMatching(/^\d{10}$/),
      resource: STORAGE,
      token_type: "Bearer",
    });
  });

  test("a trailing slash is accepted", async () => {
    expect((await ask({ path: "/msi/token/" })).status).toBe(200);
  });

  test.each([
    ["client_id", identity.clientId],
    ["client_id", identity.clientId.toUpperCase()],
    ["principal_id", identity.principalId],
    ["object_id", identity.principalId],
  ])("the identity may be named by %s=%s", async (parameter, value) => {
    expect((await ask({ query: { ...current, [parameter]: value } })).status).toBe(200);
  });

  test("2017-09-01: header `secret`, an expiry date as Linux writes it", async () => {
    const query = { "api-version": "2017-09-01", resource: STORAGE, clientid: identity.clientId };
    const { status, body } = await ask({ query, headers: { secret: "the-secret" } });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_on: expect.stringMatching(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \+00:00$/),
      resource: STORAGE,
      token_type: "Bearer",
    });
    const expiresOn = Date.parse(String(body["expires_on"]));
    expect(Math.abs(expiresOn - Date.now() - 86_400_000)).toBeLessThan(60_000);
  });
});

describe("a refusal (A6.4)", () => {
  test.each([
    ["no header", current, {}],
    ["a wrong header", current, { "x-identity-header": "guessed" }],
    ["the legacy header with the current version", current, { secret: "the-secret" }],
    ["the current header with the legacy version", { ...current, "api-version": "2017-09-01" }, authorised],
  ])("401 with %s", async (_, query, headers) => {
    const { status, body } = await ask({ query, headers });
    expect(status).toBe(401);
    expect(body).toEqual(refusal(401, "Unauthorized"));
  });

  test.each([
    ["client_id", "dddddddd-0000-4000-8000-000000000004"],
    ["client_id", identity.principalId],
    ["object_id", "dddddddd-0000-4000-8000-000000000004"],
    ["mi_res_id", "/subscriptions/s/resourceGroups/g/providers/x/y"],
  ])("400 for an identity the site has not: %s=%s", async (parameter, value) => {
    const { status, body } = await ask({ query: { ...current, [parameter]: value } });
    expect(status).toBe(400);
    expect(body).toEqual(refusal(400, "Unable to load requested managed identity."));
  });

  test.each([
    ["no resource", { "api-version": "2019-08-01" }, "The resource parameter is missing."],
    ["no version", { resource: STORAGE }, "The api-version parameter is missing."],
    [
      "an unknown version",
      { ...current, "api-version": "2020-01-01" },
      "The api-version '2020-01-01' is not supported.",
    ],
  ])("400 for %s", async (_, query, message) => {
    const { status, body } = await ask({ query });
    expect(status).toBe(400);
    expect(body).toEqual(refusal(400, message));
  });

  test("404 beside the endpoint, 405 for another method", async () => {
    expect((await ask({ path: "/metadata/identity" })).status).toBe(404);
    expect((await ask({ method: "POST" })).status).toBe(405);
  });
});

test("every request is reported as it was, also a refused one", async () => {
  reporter.reports.length = 0;
  const query = { ...current, client_id: identity.clientId };
  await ask({ query, headers: { ...authorised, "user-agent": "azsdk-go" } });
  await ask({ headers: {} });
  expect(reporter.of("identity")).toEqual([
    {
      wallMs: expect.any(Number),
      type: "identity",
      status: 200,
      path: "/msi/token",
      parameters: query,
      headerMatched: true,
      userAgent: "azsdk-go",
    },
    expect.objectContaining({ status: 401, headerMatched: false, userAgent: "" }),
  ]);
});
