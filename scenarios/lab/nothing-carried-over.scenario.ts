import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { Contract } from "../../harness/contracts/contract.ts";
import { openLaboratory } from "../../harness/lab/open-laboratory.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { IDLE, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

const ACCOUNT = "carried";

/**
 * A main that tells what it finds in the world it wakes up in, and then leaves as much behind as it can: files in its shares,
 * a container in storage that it keeps leased, a line in the hosts file, a program that listens and outlives it.
 */
const LITTERING_MAIN = `
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { request } from "node:https";

process.on("SIGTERM", () => process.exit(0));
const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
const STORAGE = "https://${ACCOUNT}.blob.core.windows.net";

async function token() {
  const url = IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com";
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER } });
  return { status: answer.status, text: answer.ok ? (await answer.json()).access_token : "" };
}
function storage(method, path, bearer, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(STORAGE + path, { method, headers: { authorization: "Bearer " + bearer, "x-ms-version": "2021-12-02", "content-length": 0, ...headers } }, (answer) => {
      let body = "";
      answer.on("data", (chunk) => (body += chunk)).on("end", () => resolve({ status: answer.statusCode, body }));
    });
    asked.on("error", reject).end();
  });
}
function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("connect", () => socket.destroy()).on("error", () => resolve(false));
  });
}

const first = await token();
const { body } = await storage("GET", "/?comp=list", first.text);
const found = {
  identity: first.status,
  home: readdirSync("/home").filter((name) => name !== "LogFiles"),
  local: readdirSync("/shared"),
  containers: [...body.matchAll(/<Name>([^<]*)<\\/Name>/g)].map(([, name]) => name),
  hosts: readFileSync("/etc/hosts", "utf8").includes("littered"),
  listening: await listens(7777),
};
console.log("FOUND " + JSON.stringify(found));
console.log("TOKEN " + first.text);

mkdirSync("/home/site/deep", { recursive: true });
writeFileSync("/home/site/deep/file", "left", { mode: 0o400 });
writeFileSync("/shared/file", "left");
appendFileSync("/etc/hosts", "192.0.2.1 littered\\n");
const made = await storage("PUT", "/left?restype=container", first.text);
const leased = await storage("PUT", "/left?restype=container&comp=lease", first.text, { "x-ms-lease-action": "acquire", "x-ms-lease-duration": "-1" });
spawn(process.execPath, ["-e", "require('net').createServer().listen(7777); process.on('SIGTERM', () => {})"], { detached: true, stdio: "ignore" }).unref();
for (let tries = 0; tries < 100 && !(await listens(7777)); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
console.log("LEFT " + JSON.stringify({ made: made.status, leased: leased.status, listening: await listens(7777) }));
createServer((_, response) => response.end("ok")).listen(8080);
`;

/** What main said in a line that begins so. */
function said(lines: Parameters<Contract["judge"]>[0]["lines"], word: string): string[] {
  return lines
    .filter(({ text }) => text.startsWith(`${word} `))
    .map(({ text }) => text.slice(word.length + 1));
}

test("nothing of one trial is there in the next on the same bench", async ({ definition, host }) => {
  const small = smallSite(
    definition,
    { main: LITTERING_MAIN, sidecar: IDLE },
    {
      identity: { type: "SystemAssigned" },
      storageAccounts: [{ name: ACCOUNT }],
      observedPorts: [7777],
    },
  );
  const site = {
    ...small.definition,
    siteContainers: small.definition.siteContainers.map((one) => ({
      ...one,
      properties: {
        ...one.properties,
        volumeMounts: [{ volumeSubPath: "scratch", containerMountPath: "/shared" }],
      },
    })),
  };
  const tokens: string[] = [];
  const seen: unknown[] = [];
  const looks: Contract = {
    name: "findsNothing",
    promise: "main finds a world as new",
    judge: ({ lines, events }) => {
      const [found = "null"] = said(lines, "FOUND");
      const [left = "null"] = said(lines, "LEFT");
      tokens.push(...said(lines, "TOKEN"));
      seen.push({
        found: JSON.parse(found) as unknown,
        left: JSON.parse(left) as unknown,
        opened: events
          .filter((event) => event.type === "port.opened")
          .map(({ port }) => port)
          .toSorted((a, b) => a - b),
        identity: events.flatMap((event) => (event.type === "identity.requested" ? [event.status] : [])),
      });
      return [];
    },
  };
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-lab-"));
  // The identity fails from the end of the first trial's start to its end, and beyond if nobody heals it.
  const littering: Schedule = {
    starts: site.siteContainers.map(({ name }) => ({ container: name, atMs: 0 })),
    steps: [
      { when: { after: { seen: "site-started" } }, inject: { fault: "identity-status", status: 500 } },
      { when: { after: { seen: "site-started" } }, inject: { fault: "port-taken", port: 9999 } },
    ],
  };
  try {
    await using laboratory = await openLaboratory(site, {
      ...small.options,
      host,
      contracts: [looks],
      runsDirectory,
      mostAtOnce: 1,
      latenessBoundMs: 60_000,
    });
    const outcomes = [await laboratory.run(littering), await laboratory.run(littering)];
    expect(outcomes.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ["held", undefined],
      ["held", undefined],
    ]);
    expect(laboratory.figures()).toMatchObject({ trials: 2, repeated: 0, benches: 1 });
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
  const asNew = {
    found: { identity: 200, home: [], local: [], containers: [], hosts: false, listening: false },
    // It did leave what it could.
    left: { made: 201, leased: 201, listening: true },
    // The agent tells what opens anew: main, the sidecar, and what outlives main.
    opened: [7000, 7777, 8080],
    identity: [200],
  };
  expect(seen).toEqual([asNew, asNew]);
  expect(new Set(tokens).size).toBe(2);
});
