import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { Runner } from "../support/runner.ts";

const test = siteTest("fixtures/sites/example");

const UP = [process.execPath, "harness/cli/main.ts", "up"] as const;

const SITE = "fixtures/sites/example";

// 0, "held", is what `until-ticks.scenario.ts` ends with.

test.concurrent("1: the site broke while it started, and the error shows why", async ({ host }) => {
  await using runner = await Runner.start(host.engine, [...UP, SITE, "--start", "storage=never"]);

  const end = await runner.ended();

  expect(end).toMatchObject({ exitCode: 1 });
  expect(end.stderr).toMatch(
    /^CONTAINER_EXITED_DURING_START: container "dapr" ended with exit code 1 before the site had started\./m,
  );
  const containers = /^ {2}containers +(.+)$/m.exec(end.stderr)?.[1]?.split("; ").toSorted();
  expect(containers).toEqual([
    expect.stringMatching(/^dapr exited \(1\) at \+\d+\.\d s$/),
    expect.stringMatching(/^main running since \+\d+\.\d s$/),
    "storage never started",
  ]);
  expect(end.stderr).toMatch(/dapr \| fatal: .*process component blob error/i);
  expect(end.stderr).toMatch(/^Fix: /m);
  expect(await runner.leftovers()).toEqual([]);
});

test.concurrent("1: the ticks that were waited for did not come in time", async ({ host }) => {
  const directory = await mkdtemp(path.join(tmpdir(), "sitecar-settings-"));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  // Of a tick every ten seconds one may have come by the time that the command begins to wait.
  const settings = path.join(directory, "settings.json");
  await writeFile(settings, JSON.stringify({ BATCH_SCHEDULE: "@every 1h" }));
  await using runner = await Runner.start(host.engine, [
    ...UP,
    "fixtures/sites/example-templated",
    settings,
    "--until-ticks",
    "3",
    "--timeout",
    "1s",
  ]);

  const end = await runner.ended();

  expect(end).toMatchObject({ exitCode: 1 });
  expect(end.stderr).toMatch(
    /^WAIT_TIMED_OUT: waited 1\.0 s for 3 ticks and their blobs; it did not happen\.\n {2}seen +0 ticks, 0 blobs$/m,
  );
  expect(await runner.leftovers()).toEqual([]);
});

test.concurrent("2: nothing can be said of the site, for no engine answers", async ({ host }) => {
  await using runner = await Runner.start(host.engine, [...UP, SITE], {
    environment: { DOCKER_HOST: "unix:///nonexistent/docker.sock" },
  });

  const end = await runner.ended();

  expect(end).toMatchObject({ exitCode: 2, stdout: expect.not.stringContaining("started") });
  expect(end.stderr).toMatch(
    /^ENGINE_NOT_FOUND: .*unix:\/\/\/nonexistent\/docker\.sock.* does not answer\.$/m,
  );
  expect(end.stderr).toMatch(/^ {2}DOCKER_HOST +no such socket$/m);
  expect(end.stderr).toMatch(/^Fix: start that engine, or correct DOCKER_HOST\.$/m);
});

test.concurrent.for([
  {
    what: "a spec file that is no JSON",
    files: { "sitecar.json": '{ "name": "example",\n  "siteContainers": [ }\n' },
    args: [],
    says: /^SPEC_MALFORMED: [^]*sitecar\.json:2:\d+/m,
  },
  {
    what: "a spec file that is no YAML",
    files: { "sitecar.yaml": "name: example\nsiteContainers:\n  - name: main\n   properties: {}\n" },
    args: [],
    says: /^SPEC_MALFORMED: [^]*sitecar\.yaml:\d+:\d+/m,
  },
  {
    what: "a folder without a site",
    files: {},
    args: [],
    says: /^FILE_NOT_READABLE: /m,
  },
  {
    what: "a schedule with a container that the site has not",
    files: {
      "sitecar.json": {
        name: "one",
        siteContainers: [{ name: "main", properties: { image: "a:1", isMain: true } }],
      },
    },
    args: ["--start", "mian=1s"],
    says: /^SCHEDULE_UNKNOWN_CONTAINER: .*"mian".*Did you mean "main"\?\n {2}known +main$/m,
  },
])("64: $what, before any engine is asked", async ({ files, args, says }, { host }) => {
  const directory = await mkdtemp(path.join(tmpdir(), "sitecar-site-"));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(path.join(directory, name), text);
  }
  // An engine that is asked would make it ENGINE_NOT_FOUND, exit code 2.
  await using runner = await Runner.start(host.engine, [...UP, directory, ...args], {
    environment: { DOCKER_HOST: "unix:///nonexistent/docker.sock" },
  });

  const end = await runner.ended();

  expect(end).toMatchObject({ exitCode: 64, stdout: "" });
  expect(end.stderr).toMatch(says);
  expect(end.stderr).toMatch(/Fix: \S/);
});
