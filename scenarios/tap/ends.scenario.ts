import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { bytesOf, headerOf, type SeenExchange } from "../../harness/wire/exchange.ts";
import { smallSite } from "../support/small-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example", { tap: true, until: "started" });

const LARGE_BYTES = 200_000_000;

/** Answers in every way that there is, and does not. */
const MAIN = `
import { createServer } from "node:http";
createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://main");
  if (pathname === "/reset") request.socket.resetAndDestroy();
  else if (pathname === "/never") return;
  else if (pathname === "/half") { response.writeHead(200, { "content-length": "10" }); response.write("half", () => request.socket.destroySoon()); }
  else if (pathname === "/stream") { response.write("one\\n"); }
  else if (pathname === "/large") {
    const piece = Buffer.alloc(1_000_000, "a");
    response.setHeader("content-length", ${LARGE_BYTES});
    let left = ${LARGE_BYTES} / piece.length;
    const write = () => { while (left-- > 0) if (!response.write(piece)) { response.once("drain", write); return; } response.end(); };
    write();
  }
  else response.end("fine");
}).listen(8080, "::");
`;

/** Asks what its path says, one thing after the other, and then says that it is done. */
const ASKER = (paths: readonly string[]): string => `
import http from "node:http";
const ask = (path) => new Promise((resolve) => {
  const [host, rest] = path.split(" ");
  const asked = http.get({ host, port: 8080, path: rest, headers: { "x-asked": rest } }, (answer) => {
    answer.on("error", resolve).on("end", resolve).resume();
    if (rest === "/stream") answer.once("data", resolve);
  });
  asked.on("error", resolve);
  if (rest === "/never") asked.on("finish", () => {
    // A timer may begin with the turn of the loop in which it is set, which can be long before the request was sent.
    const began = performance.now();
    const wait = () => { if (performance.now() - began < 300) setTimeout(wait, 10); else asked.destroy(); };
    wait();
  });
});
const up = () => new Promise((resolve) => http.get("http://127.0.0.1:8080/up", (answer) => answer.resume().on("end", () => resolve(true))).on("error", () => resolve(false)));
while (!(await up())) await new Promise((resolve) => setTimeout(resolve, 50));
for (const path of ${JSON.stringify(paths)}) await ask(path);
http.createServer().listen(7000);
`;

test.concurrent("how an exchange ended is told, whoever ended it", async ({ startSite, definition }) => {
  const paths = [
    "127.0.0.1 /reset",
    "127.0.0.1 /half",
    "127.0.0.1 /fine",
    "127.0.0.1 /never",
    "127.0.0.1 /stream",
  ];
  const { definition: small, options } = smallSite(definition, { main: MAIN, sidecar: ASKER(paths) });
  const site = await startSite(options, small);
  await untilEvent(site, "port.opened", { withinMs: 60_000, matches: ({ port }) => port === 7000 });
  // The stream goes on: after a second it is told of all the same.
  await untilEvent(site, "exchange.open", {
    withinMs: 30_000,
    matches: ({ exchange }) => exchange.request.path === "/stream",
  });
  const seen = await site.exchanges();

  const of = (path: string): SeenExchange | undefined => seen.find(({ request }) => request.path === path);
  expect(of("/reset")?.end).toEqual({ how: "reset", by: "to" });
  expect(of("/half")).toMatchObject({
    end: { how: "closed", by: "to" },
    response: { status: 200, body: { size: 4, text: "half" } },
  });
  expect(of("/fine")).toMatchObject({
    end: { how: "answered" },
    to: { container: "main" },
    from: { container: "sidecar" },
  });
  expect(of("/never")).toMatchObject({ end: { how: "closed", by: "from" } });
  const { startMs = 0, endMs = 0 } = of("/never")?.times ?? {};
  expect(endMs - startMs).toBeGreaterThanOrEqual(300);
  expect(of("/stream")).toMatchObject({
    end: { how: "open" },
    response: { status: 200, body: { size: 4, text: "one\n" } },
  });
  expect(
    seen.every(
      ({ request }) => request.path === "/up" || headerOf(request.headers, "x-asked") === request.path,
    ),
  ).toBe(true);

  await site.stop();
  const stopped = (await site.exchanges()).find(({ request }) => request.path === "/stream");
  expect(stopped?.end.how).not.toBe("open");
  expect(site.timeline.of("tap.gap")).toEqual([]);
});

test.concurrent(
  "more than can be read at once is read, or said to be lost",
  { timeout: 300_000 },
  async ({ startSite, definition }) => {
    const paths = ["127.0.0.1 /large"];
    const { definition: small, options } = smallSite(definition, { main: MAIN, sidecar: ASKER(paths) });
    const site = await startSite(options, small);
    await untilEvent(site, "port.opened", { withinMs: 200_000, matches: ({ port }) => port === 7000 });
    // What was lost at its end is known when its connection has ended.
    await site.stop();
    const large = (await site.exchanges()).find(({ request }) => request.path === "/large");

    const gaps = site.timeline.of("tap.gap").map(({ gap }) => gap);
    const missing = gaps.reduce(
      (sum, { reason, bytes = 0 }) => sum + (reason === "bytes-missing" ? bytes : 0),
      0,
    );
    expect(large).toMatchObject({
      end: { how: "answered" },
      response: { status: 200, body: { size: LARGE_BYTES, truncated: true } },
    });
    expect(large?.response?.body.missing ?? 0).toBe(missing);
    expect(missing === 0 || gaps.some(({ reason }) => reason === "packets-lost")).toBe(true);
    // What is kept is the beginning, and no more of it than is said.
    const kept = bytesOf(large?.response?.body ?? { size: 0, truncated: false });
    expect(kept.length).toBe(32_768);
  },
);
