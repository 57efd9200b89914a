import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { IdentityService } from "./identity-service.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";
import { BATCH, claimsOf, READER, smallIdentity, SYSTEM } from "./test-support/small-identity.ts";

const STORAGE = "https://storage.azure.com";
const reporter = new CollectingReporter();
const service = new IdentityService(smallIdentity(), reporter);

beforeAll(() => service.listen());
afterAll(() => service.close());

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  /** Default: the one of all tests, which has every kind of identity. */
  readonly of?: IdentityService;
}

const current = { "api-version": "2019-08-01", resource: STORAGE };
const authorised = { "x-identity-header": "the-secret" };

async function ask({
  path = "/msi/token",
  method = "GET",
  query = current,
  headers = authorised,
  of = service,
}: Asked) {
  const url = `http://127.0.0.1:${of.port}${path}?${new URLSearchParams(query).toString()}`;
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
      client_id: SYSTEM.clientId,
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
    ["no name", {}, SYSTEM],
    ["client_id", { client_id: SYSTEM.clientId }, SYSTEM],
    ["client_id in capitals", { client_id: SYSTEM.clientId.toUpperCase() }, SYSTEM],
    ["principal_id", { principal_id: SYSTEM.principalId }, SYSTEM],
    ["object_id", { object_id: SYSTEM.principalId }, SYSTEM],
    ["client_id of a user-assigned one", { client_id: BATCH.clientId }, BATCH],
    ["principal_id of another", { principal_id: READER.principalId }, READER],
    ["object_id of another", { object_id: READER.principalId }, READER],
    ["mi_res_id", { mi_res_id: BATCH.resourceId ?? "" }, BATCH],
    ["mi_res_id in capitals", { mi_res_id: READER.resourceId?.toUpperCase() ?? "" }, READER],
  ])("%s selects an identity (A6.2)", async (_, name, identity) => {
    const { status, body } = await ask({ query: { ...current, ...name } });
    expect([status, body["client_id"]]).toEqual([200, identity.clientId]);
    const claims = claimsOf(String(body["access_token"]));
    expect(claims).toMatchObject({ appid: identity.clientId, oid: identity.principalId, aud: STORAGE });
  });

  test("2017-09-01: header `secret`, an expiry date as Linux writes it", async () => {
    const query = { "api-version": "2017-09-01", resource: STORAGE, clientid: SYSTEM.clientId };
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
    ["client_id", SYSTEM.principalId],
    ["object_id", "dddddddd-0000-4000-8000-000000000004"],
    ["mi_res_id", "/subscriptions/s/resourceGroups/g/providers/x/y"],
    ["mi_res_id", SYSTEM.clientId],
    ["client_id", BATCH.resourceId ?? ""],
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

  test("400 for two names at once, which the platform does not take", async () => {
    const query = { ...current, client_id: BATCH.clientId, mi_res_id: BATCH.resourceId ?? "" };
    expect((await ask({ query })).status).toBe(400);
  });

  test("404 beside the endpoint, 405 for another method", async () => {
    expect((await ask({ path: "/metadata/identity" })).status).toBe(404);
    expect((await ask({ method: "POST" })).status).toBe(405);
  });
});

test("every request is reported as it was, also a refused one", async () => {
  reporter.reports.length = 0;
  const query = { ...current, client_id: SYSTEM.clientId };
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

async function only(withoutSelector: "refuse" | "first"): Promise<IdentityService> {
  const identity = smallIdentity({ identities: [BATCH, READER], withoutSelector });
  const one = new IdentityService(identity, new CollectingReporter());
  await one.listen();
  onTestFinished(() => one.close());
  return one;
}

describe("a site with user-assigned identities only", () => {
  test("has none to give where none is named, as documented", async () => {
    const of = await only("refuse");
    expect((await ask({ of })).body).toEqual(refusal(400, "Unable to load requested managed identity."));
    const query = { ...current, client_id: READER.clientId };
    expect((await ask({ of, query })).body["client_id"]).toBe(READER.clientId);
  });

  test("gives the first one where it is set so", async () => {
    expect((await ask({ of: await only("first") })).body["client_id"]).toBe(BATCH.clientId);
  });
});
