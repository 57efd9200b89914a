import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { answerTo, ask, frontEndParts } from "./test-support/front-end-parts.ts";

const MEBIBYTE = 1024 * 1024;

test("each piece of a streamed answer arrives before the next is written", async () => {
  const { site, work, open } = frontEndParts();
  const arrived = Promise.withResolvers<ServerResponse>();
  site.become([
    await work((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      arrived.resolve(response);
    }),
  ]);
  const { url } = await open();
  const asking = request(url).end();
  const answer = await answerTo(asking);
  const response = await arrived.promise;
  for (const event of ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"]) {
    const next = once(answer, "data");
    response.write(event);
    expect(String((await next)[0])).toBe(event);
  }
  const end = once(answer, "end");
  answer.resume();
  response.end();
  await end;
});

test("each piece of a streamed upload arrives before the next is written", async () => {
  const { site, work, open } = frontEndParts();
  const arrived = Promise.withResolvers<IncomingMessage>();
  site.become([
    await work((incoming, response) => {
      arrived.resolve(incoming);
      incoming.once("end", () => response.end());
    }),
  ]);
  const { url } = await open();
  const asking = request(url, { method: "POST" });
  asking.flushHeaders();
  const incoming = await arrived.promise;
  for (const piece of ["one", "two"]) {
    const next = once(incoming, "data");
    asking.write(piece);
    expect(String((await next)[0])).toBe(piece);
  }
  incoming.resume();
  asking.end();
  const answer = await answerTo(asking);
  expect(answer.resume().statusCode).toBe(200);
});

test.for(["with its length", "in chunks"] as const)(
  "a large body passes whole both ways, %s",
  async (how) => {
    const { site, work, open } = frontEndParts();
    site.become([await work((incoming, response) => void pipeline(incoming, response))]);
    const { url } = await open();
    const sent = randomBytes(24 * MEBIBYTE);
    const headers = how === "in chunks" ? {} : { "content-length": String(sent.length) };
    const asking = request(url, { method: "POST", headers });
    asking.flushHeaders();
    asking.end(sent);
    const answer = await answerTo(asking);
    const got = createHash("sha256");
    await pipeline(answer, got);
    expect(got.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
  },
);

test("a main that does not read stops the client, not the memory", async () => {
  const { site, work, open } = frontEndParts();
  const arrived = Promise.withResolvers<IncomingMessage>();
  site.become([
    await work((incoming, response) => {
      arrived.resolve(incoming);
      incoming.once("end", () => response.end());
    }),
  ]);
  const { url } = await open();
  const asking = request(url, { method: "POST" });
  const total = 256;
  let written = 0;
  const chunk = Buffer.alloc(MEBIBYTE);
  const upload = (async () => {
    for (; written < total; written++) if (!asking.write(chunk)) await once(asking, "drain");
    asking.end();
  })();
  const incoming = await arrived.promise;
  // Nothing reads, so the client gets stuck when the connections' buffers are full, far before the end.
  await stable(() => written);
  expect(written).toBeLessThan(total / 4);
  incoming.resume();
  await upload;
  const answer = await answerTo(asking);
  expect(answer.resume().statusCode).toBe(200);
});

test("a client that does not read stops main", async () => {
  const { site, work, open } = frontEndParts();
  let written = 0;
  const chunk = Buffer.alloc(MEBIBYTE);
  site.become([
    await work((_, response) => {
      void (async () => {
        for (; written < 256; written++) if (!response.write(chunk)) await once(response, "drain");
        response.end();
      })();
    }),
  ]);
  const { url } = await open();
  const asking = request(url).end();
  const answer = await answerTo(asking);
  await stable(() => written);
  expect(written).toBeLessThan(64);
  let read = 0;
  answer.on("data", (data: Buffer) => (read += data.length));
  await once(answer, "end");
  expect(read).toBe(256 * MEBIBYTE);
});

test("an upload that main answers before its end is answered", async () => {
  const { site, work, open } = frontEndParts();
  site.become([await work((_, response) => response.writeHead(413).end("too large"))]);
  const { url } = await open();
  expect(await ask(url, { method: "POST", body: "x".repeat(1000) })).toMatchObject({
    status: 413,
    body: "too large",
  });
});

/** Resolves when the value has not changed over several looks. */
async function stable(value: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  await expect
    .poll(
      () => {
        same = value() === last ? same + 1 : 0;
        last = value();
        return same;
      },
      { interval: 50, timeout: 10_000 },
    )
    .toBeGreaterThanOrEqual(5);
}
