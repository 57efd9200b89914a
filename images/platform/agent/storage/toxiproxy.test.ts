import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listen } from "../../../../harness/platform/test-support/listening.ts";
import { createServer } from "node:net";
import { Toxiproxy } from "./toxiproxy.ts";
import type { Toxic } from "./toxics.ts";

const ADDRESS = "127.0.0.1";
const TOXIC: Toxic = { name: "f", type: "latency", stream: "downstream", attributes: { latency: 5 } };

let folder: string;
let toxiproxy: Toxiproxy | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "toxiproxy-"));
  vi.stubEnv("FAKE_TOXIPROXY_LOG", join(folder, "log"));
});
afterEach(async () => {
  toxiproxy?.stop();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function make(script?: string): Promise<{ port: number; ends: string[]; proxy: Toxiproxy }> {
  const program = join(folder, "toxiproxy.mjs");
  if (script === undefined)
    await copyFile(new URL("test-support/fake-toxiproxy.mjs", import.meta.url), program);
  else await writeFile(program, script);
  await chmod(program, 0o755);
  const free = createServer();
  const port = await listen(free);
  await new Promise((resolve) => free.close(resolve));
  const ends: string[] = [];
  toxiproxy = new Toxiproxy({ address: ADDRESS, port, program, onEnd: (how) => ends.push(how) });
  return { port, ends, proxy: toxiproxy };
}

test("what is asked of it goes to its interface", async () => {
  const { proxy } = await make();
  await proxy.start();
  await proxy.create([{ name: "direct", listen: "127.0.0.1:1", upstream: "storage:443" }]);
  await proxy.addToxic("direct", TOXIC);
  await proxy.enable("direct", true);
  await proxy.removeToxic("direct", TOXIC);
  await proxy.enable("direct", false);
  expect((await readFile(join(folder, "log"), "utf8")).trim().split("\n")).toEqual([
    'POST /populate [{"name":"direct","listen":"127.0.0.1:1","upstream":"storage:443","enabled":false}]',
    'POST /proxies/direct/toxics {"name":"f","type":"latency","stream":"downstream","attributes":{"latency":5},"toxicity":1}',
    'PATCH /proxies/direct {"enabled":true}',
    "DELETE /proxies/direct/toxics/f ",
    'PATCH /proxies/direct {"enabled":false}',
  ]);
});

test("what it refuses is a failure, with its words", async () => {
  const { proxy } = await make();
  await proxy.start();
  await expect(proxy.removeToxic("direct", TOXIC)).rejects.toThrow(
    'toxiproxy answered DELETE /proxies/direct/toxics/f with 404: {"error":"as it is"}',
  );
});

test("an end that nobody asked for is told; one that was asked for is not", async () => {
  const { proxy, port, ends } = await make();
  await proxy.start();
  await new Promise((resolve) => request({ host: ADDRESS, port, path: "/die" }).on("error", resolve).end());
  await vi.waitFor(() => expect(ends).toEqual(["ended with 3: "]));
  await proxy.start();
  proxy.stop();
  expect(ends).toHaveLength(1);
});

test("one that can't start says why", async () => {
  const { proxy, ends } = await make('#!/bin/sh\necho "no such address" >&2; exit 7\n');
  await expect(proxy.start()).rejects.toThrow("toxiproxy ended with 7: no such address");
  // Whoever started it knows already.
  expect(ends).toEqual([]);
});
