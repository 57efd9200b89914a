import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeptBody } from "./kept-body.ts";
import { SecretMask } from "./secret-mask.ts";

const SECRET = "s3cr3t+Value/9==";
const none = new SecretMask([]);

describe("headers", () => {
  it.each([
    ["dapr-api-token", SECRET],
    ["Authorization", `Bearer ${SECRET}`],
    ["X-IDENTITY-HEADER", SECRET],
    ["Cookie", "a=b"],
    ["x-functions-key", SECRET],
    ["X-Api-Key", SECRET],
  ])("%s is masked", (name, value) => {
    expect(none.headers([[name, value]])).toEqual([[name, "(masked)"]]);
  });

  it("of the protocol stay", () => {
    const headers = [
      ["Host", "127.0.0.1:9000"],
      ["Content-Type", "application/json"],
      ["Traceparent", "00-00000000000000000000000000000000-0000000000000000-00"],
      ["Readtimeutc", "2026-11-23 11:19:27.954347746 +0000 UTC"],
      ["dapr-app-id", "main"],
    ] as const;
    expect(none.headers(headers)).toEqual(headers);
  });
});

describe("texts", () => {
  it.each([
    ["a token answer", `{"access_token":"${SECRET}","expires_in":"3599"}`],
    ["a token answer that is cut off", `{"access_token":"${SECRET}`],
    ["a nested one", JSON.stringify({ data: JSON.stringify({ client_secret: SECRET, a: 1 }) })],
    ["an account key", `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${SECRET};EndpointSuffix=x`],
    ["a signature", `/container/blob?sv=2024&sig=${encodeURIComponent(SECRET)}&se=1`],
    ["a form", `grant_type=client_credentials&client_secret=${encodeURIComponent(SECRET)}`],
    ["a user's password in an address", `amqp://user:${encodeURIComponent(SECRET)}@host/`],
    ["a private key", `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`],
  ])("%s is masked", (_, text) => {
    const masked = none.text(text);
    expect(masked).toContain("(masked)");
    expect(masked).not.toContain("s3cr3t");
  });

  it("is masked where it is a JSON Web Token", () => {
    expect(none.text("got eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl here")).toBe("got (masked) here");
  });

  it.each([
    '[{"key":"order-1","value":{"total":3}}]',
    '{"operation":"create","data":"12:00:00","metadata":{"blobName":"batch_1.txt"}}',
    "/v1.0/state/store/key-1?metadata.partitionKey=a",
    "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com",
    '{"token_type":"Bearer","expires_in":"3599"}',
    '{"max_completion_tokens":"5"}',
    "a text about tokens and keys",
  ])("%s stays", (text) => {
    expect(none.text(text)).toBe(text);
  });

  it("that the site's secrets stand in are masked, in whatever spelling", () => {
    const secret = 'pass"word & more';
    const mask = new SecretMask([secret]);
    for (const text of [secret, JSON.stringify({ a: secret }), `/x?a=${encodeURIComponent(secret)}`]) {
      expect(mask.text(text)).toContain("(masked)");
      expect(mask.text(text)).not.toContain("more");
    }
    expect(mask.bytes(Buffer.from(`\u0000${secret}`, "latin1")).toString("latin1")).toBe("\u0000(masked)");
  });

  it("of any kind are read to their end", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const mask = new SecretMask(["hunter22"]);
        expect(mask.text(`${before}hunter22${after}`)).not.toContain("hunter22");
      }),
    );
  });
});

it("an answer of the secrets API is masked as a whole", () => {
  expect(none.answer("/v1.0/secrets/vault/bulk", '{"one":{"one":"a"},"two":{"two":"b"}}')).toBe(
    '{"one":{"one":"(masked)"},"two":{"two":"(masked)"}}',
  );
  expect(none.answer("/v1.0/secrets/vault/one", "plain")).toBe("(masked)");
  expect(none.answer("/v1.0/metadata", '{"id":"main"}')).toBe('{"id":"main"}');
});

it("a decoded message is masked by its fields' names, and in its bytes", () => {
  const mask = new SecretMask(["hunter22"]);
  const data = Buffer.from('{"password":"abc","a":"hunter22"}').toString("base64");
  const masked = Buffer.from('{"password":"(masked)","a":"(masked)"}').toString("base64");
  expect(
    mask.json({ name: "blob", data, metadata: { sasToken: "x", key: "k" }, list: ["hunter22"], count: 1 }),
  ).toEqual({
    name: "blob",
    data: masked,
    metadata: { sasToken: "(masked)", key: "k" },
    list: ["(masked)"],
    count: 1,
  });
  expect(mask.json({ data: { a: "b" } }, { all: true })).toEqual({ data: { a: "(masked)" } });
});

it("a secret across a body's limit is masked", () => {
  const body = new KeptBody(12);
  body.add(Buffer.from("0123456789hunter22 and more than that"));
  const { text, truncated } = body.toJson(undefined, new SecretMask(["hunter22"]));
  expect({ text, truncated }).toEqual({ text: "0123456789(m", truncated: true });
});
