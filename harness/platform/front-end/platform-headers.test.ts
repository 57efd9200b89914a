import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { platformHeaders, type RequestFacts } from "./platform-headers.ts";

const FACTS: RequestFacts = {
  siteName: "Shop",
  scheme: "http",
  target: "/a%20b?c",
  address: "127.0.0.1",
  port: 50_123,
};

test("they are those that dumps of requests to Linux sites show", () => {
  expect(platformHeaders({ host: "shop.example:8080", accept: "*/*" }, FACTS)).toEqual({
    host: "shop.example:8080",
    accept: "*/*",
    "max-forwards": "10",
    "x-arr-log-id": expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    "client-ip": "127.0.0.1:50123",
    "x-client-ip": "127.0.0.1",
    "x-client-port": "50123",
    "disguised-host": "shop.example:8080",
    "x-site-deployment-id": "Shop",
    "was-default-hostname": "shop.azurewebsites.net",
    "x-forwarded-for": "127.0.0.1:50123",
    "x-forwarded-proto": "http",
    "x-original-url": "/a%20b?c",
    "x-waws-unencoded-url": "/a%20b?c",
  });
});

test("over TLS there are three more, and a client can't claim them without", () => {
  const claimed = {
    host: "x",
    "x-arr-ssl": "mine",
    "x-appservice-proto": "https",
    "x-forwarded-tlsversion": "9",
  };
  expect(platformHeaders(claimed, { ...FACTS, scheme: "https" })).toMatchObject({
    "x-forwarded-proto": "https",
    "x-appservice-proto": "https",
    "x-forwarded-tlsversion": "1.3",
    "x-arr-ssl": expect.stringContaining("CN=*.azurewebsites.net"),
  });
  for (const name of ["x-arr-ssl", "x-appservice-proto", "x-forwarded-tlsversion"]) {
    expect(platformHeaders(claimed, FACTS)).not.toHaveProperty(name);
  }
});

describe("whatever a client sends", () => {
  const OVERWRITTEN = [
    "x-arr-log-id",
    "client-ip",
    "x-client-ip",
    "x-client-port",
    "disguised-host",
    "x-site-deployment-id",
    "was-default-hostname",
    "x-forwarded-proto",
    "x-original-url",
    "x-waws-unencoded-url",
    "x-arr-ssl",
  ];
  const value = fc.stringMatching(/^[!-~]{1,20}$/).map((text) => `spoof-${text}`);

  test("no header of the platform keeps the client's value; all others stay", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...OVERWRITTEN), value),
        fc.dictionary(fc.stringMatching(/^own-[a-z]{1,8}$/), value),
        (spoofed, own) => {
          const headers = platformHeaders({ host: "x", ...spoofed, ...own }, FACTS);
          expect(headers).toMatchObject(own);
          for (const [name, claim] of Object.entries(spoofed)) expect(headers[name]).not.toBe(claim);
        },
      ),
    );
  });

  test("X-Forwarded-For ends with where the request came from", () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { maxLength: 4 }), (before) => {
        const header = platformHeaders({ host: "x", "x-forwarded-for": before.join(",") }, FACTS)[
          "x-forwarded-for"
        ];
        expect(header).toBe([...before, "127.0.0.1:50123"].join(", "));
      }),
    );
  });

  test("what is between two neighbours stays between them", () => {
    const headers = {
      host: "x",
      connection: "close, X-Secret",
      "x-secret": "1",
      "keep-alive": "timeout=5",
      te: "trailers",
      upgrade: "h2c",
      expect: "100-continue",
      "transfer-encoding": "chunked",
    };
    const kept = Object.keys(platformHeaders(headers, FACTS));
    expect(kept.filter((name) => name in headers).toSorted()).toEqual(["host", "transfer-encoding"]);
  });

  test.for([
    [undefined, "10"],
    ["10", "9"],
    ["0", "0"],
    ["-1", "10"],
    ["many", "10"],
    ["99999999999999999999", "10"],
  ] as const)("Max-Forwards %s becomes %s", ([given, expected]) => {
    const headers = given === undefined ? { host: "x" } : { host: "x", "max-forwards": given };
    expect(platformHeaders(headers, FACTS)["max-forwards"]).toBe(expected);
  });
});
