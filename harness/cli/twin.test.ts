import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EXIT } from "./exit-codes.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../fixtures/sites/example", import.meta.url));
const COMPONENTS = fileURLToPath(new URL("../../fixtures/components", import.meta.url));

// Each test starts a process, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-twin-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** In an empty directory, so that nothing of this repository is taken unasked. */
function twin(...args: readonly string[]) {
  return execa(process.execPath, [MAIN, "twin", ...args], {
    cwd: directory,
    reject: false,
    env: { NO_COLOR: "1" },
  });
}

/** What of its output matches, as soon as it is there. */
function untilOutput(running: ReturnType<typeof twin>, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = "";
    running.stdout.on("data", (chunk) => {
      output += String(chunk);
      const match = pattern.exec(output);
      if (match !== null) resolve(match);
    });
    void running.then(({ stderr }) => reject(new Error(`it ended without ${pattern}: ${stderr}`)));
  });
}

it("serves the sidecar of a site, prints what it is asked, and ends with 0 when it is interrupted", async () => {
  const running = twin(
    EXAMPLE,
    "--port",
    "0",
    "--grpc-port",
    "0",
    "--control-port",
    "0",
    "--api-token",
    "secret",
  );
  const [, port] = await untilOutput(
    running,
    /a twin of daprd 1\.18\.2, phase up, at http:\/\/127\.0\.0\.1:(\d+)\n/,
  );
  const url = `http://127.0.0.1:${port}/v1.0/bindings/blob`;
  const headers = { "dapr-api-token": "secret" };
  const body = JSON.stringify({ operation: "create", data: "x", metadata: { blobName: "a.txt" } });
  expect((await fetch(url, { method: "POST", body })).status).toBe(401);
  expect((await fetch(url, { method: "POST", body, headers })).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/v1.0/invoke/shop/method/a`, { headers })).status).toBe(501);

  running.kill("SIGINT");
  const { exitCode, stdout } = await running;
  expect(exitCode).toBe(EXIT.held);
  expect(stdout).toContain("component  blob (bindings.azure.blobstorage)");
  expect(stdout).toContain("POST /v1.0/bindings/blob → 401");
  expect(stdout).toContain("POST /v1.0/bindings/blob → 200");
  expect(stdout).toMatch(
    /GET \/v1\.0\/invoke\/shop\/method\/a → 501\nTWIN_NOT_COVERED: .*service invocation/,
  );
});

it("takes component files without a site, and says of which it can't be the sidecar", async () => {
  const kafka = join(directory, "kafka.yaml");
  await writeFile(
    kafka,
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: { name: orders }\nspec: { type: bindings.kafka, version: v1 }\n",
  );
  const running = twin(
    "--resources",
    COMPONENTS,
    "--resources",
    kafka,
    "--port",
    "0",
    "--grpc-port",
    "0",
    "--phase",
    "starting",
  );
  await untilOutput(running, /not covered: calls to "orders"[^]*Ctrl-C/);
  running.kill("SIGTERM");
  expect((await running).exitCode).toBe(EXIT.held);
});

it.each([
  ["no site", [], "FILE_NOT_READABLE"],
  ["a folder that is not there", ["--resources", "no/such"], "FILE_NOT_READABLE"],
  ["a site without such a sidecar", [EXAMPLE, "--container", "other"], "no such Dapr sidecar"],
  ["a phase that is none", [EXAMPLE, "--phase", "asleep"], "Allowed choices are starting"],
  ["a version that it can't be", [EXAMPLE, "--dapr-version", "0.1"], "Allowed choices are 1.18.2"],
  ["a port that is none", [EXAMPLE, "--port", "65536"], "must be a port from 0 to 65535"],
])("wrong usage ends with 64: %s", async (_, args, message) => {
  const { exitCode, stderr } = await twin(...args);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(EXIT.usage);
});
