import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IdentityService } from "./identity-service.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";
import { claimsOf, smallIdentity } from "./test-support/small-identity.ts";

let reporter: CollectingReporter;
let service: IdentityService;

beforeEach(async () => {
  reporter = new CollectingReporter();
  service = new IdentityService(smallIdentity(), reporter);
  await service.listen();
});
afterEach(() => service.close());

const STORAGE = "https://storage.azure.com";

async function ask(signal?: AbortSignal): Promise<Response> {
  const query = new URLSearchParams({ "api-version": "2019-08-01", resource: STORAGE });
  return await fetch(`http://127.0.0.1:${service.port}/msi/token?${query.toString()}`, {
    headers: { "x-identity-header": "the-secret" },
    ...(signal === undefined ? {} : { signal }),
  });
}

async function statuses(count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) seen.push((await ask()).status);
  return seen;
}

async function token(): Promise<Record<string, unknown>> {
  const body = (await (await ask()).json()) as { access_token: string };
  return claimsOf(body.access_token);
}

describe("failures on demand", () => {
  test("a status for the first requests, then tokens again", async () => {
    await service.fail("f", { status: 500, first: 2 });
    expect(await statuses(3)).toEqual([500, 500, 200]);
    expect(reporter.of("identity").map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  test("a status until it is healed; of two the first injected holds", async () => {
    await service.fail("a", { status: 429 });
    await service.fail("b", { status: 503 });
    expect(await statuses(2)).toEqual([429, 429]);
    await service.heal("a");
    expect(await statuses(1)).toEqual([503]);
    await service.heal("b");
    expect(await statuses(1)).toEqual([200]);
  });

  test("refused: nothing listens, then the same port does again", async () => {
    const { port } = service;
    await ask(); // leaves a kept connection, which must not be served either
    await service.fail("f", { refused: true });
    await expect(ask()).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await service.heal("f");
    expect(service.port).toBe(port);
    expect((await ask()).status).toBe(200);
  });

  test("slow: seen at once, answered when the client waits for it and not when it has gone", async () => {
    await service.fail("f", { delayMs: 3_600_000 });
    const gone = new AbortController();
    const asked = ask(gone.signal);
    await reporter.seen(({ type }) => type === "identity");
    gone.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    await service.heal("f");
    await service.fail("g", { delayMs: 30 });
    const began = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThanOrEqual(30);
  });

  test("a token for another audience, and one that has expired", async () => {
    await service.fail("f", { wrongAudience: true, first: 1 });
    expect((await token())["aud"]).not.toBe(STORAGE);
    await service.fail("g", { expired: true, first: 1 });
    expect(Number((await token())["exp"]) * 1000).toBeLessThan(Date.now());
    expect(await token()).toMatchObject({ aud: STORAGE });
  });
});
