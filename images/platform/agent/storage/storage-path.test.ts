import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CollectingReporter } from "../test-support/collecting-reporter.ts";
import { PATH_PORTS } from "./path-ports.ts";
import { StoragePath } from "./storage-path.ts";
import { smallStorageServer, type SmallStorageServer } from "./test-support/small-storage-server.ts";

let folder: string;
let path: StoragePath;
let server: SmallStorageServer;
let reporter: CollectingReporter;

/** Stand-ins on the PATH for the programs that it calls: a unit test must not change the machine's network. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storage-path-"));
  const log = join(folder, "log");
  await writeFile(
    join(folder, "nft"),
    `#!/bin/sh\ngrep -o -e 'dport 443 .*' -e 'drop$' -e 'reject.*' | sort -u | sed 's/^/nft /' >> ${log}\n`,
  );
  await copyFile(new URL("test-support/fake-toxiproxy.mjs", import.meta.url), join(folder, "toxiproxy.mjs"));
  await writeFile(
    join(folder, "toxiproxy"),
    `#!/bin/sh\nexec "${process.execPath}" ${folder}/toxiproxy.mjs "$@"\n`,
  );
  for (const program of ["nft", "toxiproxy"]) await chmod(join(folder, program), 0o755);
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
  vi.stubEnv("FAKE_TOXIPROXY_LOG", log);
  await writeFile(join(folder, "resolv.conf"), "nameserver 127.0.0.11\n");
  server = await smallStorageServer((_, response) => response.end());
  reporter = new CollectingReporter();
  path = new StoragePath(server.storage, reporter, { resolverFile: join(folder, "resolv.conf") });
  await path.start();
  await done();
});
afterEach(async () => {
  await path.stop();
  await server[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** What has been done since the last look, in short. */
async function done(): Promise<string[]> {
  const log = join(folder, "log");
  const lines = (await readFile(log, "utf8")).trim().split("\n");
  await writeFile(log, "");
  return lines
    .filter((line) => line !== "")
    .map((line) =>
      line
        .replace(/\/proxies\/(\w+)/, "$1")
        .replace(/^PATCH (\w+) \{"enabled":(\w+)\}/, "$1 $2")
        .replace(/^POST (\w+)\/toxics \{"name":"([\w-]+)".*/, "$1 +$2")
        .replace(/^DELETE (\w+)\/toxics\/([\w-]+) ?$/, "$1 -$2")
        .replace(/^nft dport 443 dnat to 127.0.0.1:(\d+)/, "nft → $1"),
    )
    .toSorted((a, b) => Number(a.startsWith("nft")) - Number(b.startsWith("nft")));
}

const DIRECT = `nft → ${PATH_PORTS.direct}`;
const FRONT = `nft → ${PATH_PORTS.front}`;

test("it begins closed, with itself as the name server", async () => {
  expect(await readFile(join(folder, "resolv.conf"), "utf8")).toBe("nameserver 127.0.0.1\n");
  await path.gate(true);
  expect((await done()).toSorted()).toEqual(["direct true", "front true"]);
  await path.gate(true);
  expect(await done()).toEqual([]);
  await path.gate(false);
  expect((await done()).toSorted()).toEqual(["direct false", "front false"]);
});

test("refused closes the ways as the gate does, and only what both let through is open", async () => {
  await path.fail("f", { kind: "refused" });
  await path.gate(true);
  expect(await done()).toEqual([]);
  await path.heal("f");
  expect((await done()).toSorted()).toEqual(["direct true", "front true"]);
  await path.fail("f", { kind: "refused" });
  await path.gate(false);
  await path.heal("f");
  expect((await done()).toSorted()).toEqual(["direct false", "front false"]);
});

test("toxics are on both ways, before anything can pass", async () => {
  await path.fail("f", { kind: "slow", latencyMs: 5 });
  await path.gate(true);
  expect((await done()).map((line) => line.split(" ")[1])).toEqual(["+f", "+f", "true", "true"]);
  await path.fail("g", { kind: "hangs" });
  await path.heal("f");
  await path.heal("g");
  expect((await done()).toSorted()).toEqual(
    ["direct", "front"]
      .flatMap((way) => [
        `${way} +g-downstream`,
        `${way} +g-upstream`,
        `${way} -f`,
        `${way} -g-downstream`,
        `${way} -g-upstream`,
      ])
      .toSorted(),
  );
});

test("unreachable and reset are packet rules", async () => {
  await path.gate(true);
  await done();
  await path.fail("f", { kind: "unreachable" });
  expect(await done()).toEqual([DIRECT, "nft drop"]);
  await path.heal("f");
  expect(await done()).toEqual([DIRECT]);
  await path.fail("f", { kind: "reset" });
  expect(await done()).toEqual(["direct +f", "front +f", DIRECT, "nft reject with tcp reset"]);
});

test("a failing answer leads through the front, which listens by then; old connections of the direct way are closed", async () => {
  await path.gate(true);
  await done();
  await path.fail("f", { kind: "status", status: 503 });
  expect(await done()).toEqual(["direct false", "direct true", FRONT]);
  await path.fail("g", { kind: "status", status: 403 });
  await path.heal("f");
  expect(await done()).toEqual([]);
  await path.heal("g");
  expect(await done()).toEqual([DIRECT]);
});

test("reset: closed, nothing in force, and the next trial begins as the first did", async () => {
  await path.gate(true);
  await path.fail("a", { kind: "slow", latencyMs: 5 });
  await path.fail("b", { kind: "unreachable" });
  await path.fail("c", { kind: "delayed", delayMs: 5 });
  await path.fail("d", { kind: "name", answer: "nxdomain" });
  await done();
  await path.reset();
  expect(await done()).toEqual(["direct false", "front false", "direct -a", "front -a", DIRECT]);
  await path.reset();
  expect(await done()).toEqual([]);
  await path.gate(true);
  expect((await done()).toSorted()).toEqual(["direct true", "front true"]);
});

test("a step that fails is told, and what was done before it is known", async () => {
  await path.gate(true);
  await writeFile(join(folder, "nft"), '#!/bin/sh\necho "no nat" >&2; exit 1\n');
  await expect(path.fail("f", { kind: "reset" })).rejects.toThrow("nft -f failed: no nat");
  await done();
  // The rule never came about; the toxic did, and goes.
  await path.heal("f");
  expect(await done()).toEqual(["direct -f", "front -f"]);
});

test("a Toxiproxy that dies is told, and there again with all that was in force", async () => {
  await path.gate(true);
  await path.fail("f", { kind: "slow", latencyMs: 5 });
  await done();
  const { control: port } = PATH_PORTS;
  await new Promise((resolve) =>
    request({ host: "127.0.0.1", port, path: "/die" }).on("error", resolve).end(),
  );
  await vi.waitFor(async () =>
    expect(await readFile(join(folder, "log"), "utf8")).toContain('front {"enabled":true}'),
  );
  expect(await done()).toEqual(
    expect.arrayContaining(["direct +f", "front +f", "direct true", "front true"]),
  );
  expect(reporter.of("failure")).toMatchObject([
    { observer: "storage path", detail: expect.stringContaining("started again") },
  ]);
});
