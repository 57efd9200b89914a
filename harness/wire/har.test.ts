import { createServer } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { text } from "node:stream/consumers";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import fetchHar from "fetch-har";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeenExchange } from "./exchange.ts";
import { toHar } from "./har.ts";
import { seen } from "./test-support/seen.ts";

const require = createRequire(import.meta.url);

/** HAR 1.2's own description, as JSON Schema. */
const validate = await (async () => {
  const folder = path.join(path.dirname(require.resolve("har-schema/package.json")), "lib");
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  ajv.addMetaSchema(require("ajv/dist/refs/json-schema-draft-06.json"));
  for (const file of await readdir(folder)) {
    if (file.endsWith(".json")) ajv.addSchema(JSON.parse(await readFile(path.join(folder, file), "utf8")));
  }
  return (value: unknown): unknown => {
    ajv.validate("har.json#", JSON.parse(JSON.stringify(value)));
    return ajv.errors ?? [];
  };
})();

const withoutAnswer = (): SeenExchange => {
  const { response: _response, ...rest } = seen({
    end: { how: "closed", by: "from" },
    times: { startMs: 1, endMs: 3001 },
  });
  return rest;
};

describe("an HTTP archive", () => {
  it("is HAR 1.2 by its schema, whatever was seen", () => {
    const exchanges = [
      seen(),
      withoutAnswer(),
      seen({ times: { startMs: 5 }, end: { how: "open" } }),
      // The answer began before the request had ended.
      seen({ times: { startMs: 5, requestEndMs: 9, firstByteMs: 7, endMs: 8 } }),
      seen({
        protocol: "grpc",
        to: { address: "::1", port: 50_001 },
        grpc: { service: "a.B", method: "C", requests: [], responses: [], status: 0 },
      }),
    ];
    expect(validate(toHar(exchanges, "1.0.0"))).toEqual([]);
    expect(validate({ log: { version: 1 } })).not.toEqual([]);
  });

  it("has the times' parts, which sum up to the whole", () => {
    const [entry] = toHar([seen()], "1.0.0").log.entries;
    expect(entry?.startedDateTime).toBe("2026-11-23T11:19:27.954Z");
    expect(entry?.timings.send).toBeCloseTo(0.4322, 6);
    expect(entry?.timings.wait).toBeCloseTo(5, 6);
    expect(entry?.timings.receive).toBeCloseTo(1.5678, 6);
    expect(entry?.time).toBeCloseTo(7, 6);
  });

  it("tells of one without an answer as browsers do, and how it ended", () => {
    const [entry] = toHar([withoutAnswer()], "1.0.0").log.entries;
    expect(entry).toMatchObject({ time: 3000, response: { status: 0 }, _end: { how: "closed", by: "from" } });
  });

  it("marks bodies that are not whole, and those that are no text", () => {
    const body = { size: 100_000, truncated: true, base64: "//4=" };
    const exchange = seen();
    const { request, response } = exchange;
    if (response === undefined) throw new Error("unreachable");
    const [entry] = toHar(
      [{ ...exchange, request: { ...request, body }, response: { ...response, body } }],
      "1",
    ).log.entries;
    expect(entry).toMatchObject({
      _truncated: ["request", "response"],
      request: { bodySize: 100_000, postData: { text: "//4=", comment: "base64" } },
      response: { content: { size: 100_000, text: "//4=", encoding: "base64" } },
    });
  });

  it("can be asked again by a library that takes HAR: the same request comes", async () => {
    const came: unknown[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        came.push([request.method, request.url, request.headers["x-one"], body]);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      const json = fc.json({ maxDepth: 2 });
      await fc.assert(
        fc.asyncProperty(json, async (body) => {
          came.length = 0;
          const request = {
            method: "POST",
            path: "/v1.0/bindings/blob",
            headers: [
              ["Host", `127.0.0.1:${port}`],
              ["X-One", "1"],
              ["Content-Type", "application/json"],
            ] as const,
            body: { size: Buffer.byteLength(body), truncated: false, text: body },
          };
          await fetchHar(toHar([seen({ request })], "1.0.0") as Parameters<typeof fetchHar>[0]);
          expect(came).toEqual([["POST", "/v1.0/bindings/blob", "1", expect.any(String)]]);
          const [, , , sent] = came[0] as string[];
          expect(JSON.parse(sent ?? "")).toEqual(JSON.parse(body));
        }),
        { numRuns: 20 },
      );
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
