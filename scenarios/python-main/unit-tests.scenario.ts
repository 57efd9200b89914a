import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";
import { expect, test } from "vitest";
import { PIP } from "../../harness/runtime/images/stand-ins/envoy.ts";
import { installPackages } from "../../harness/runtime/host-packages.ts";
import { OutputTail } from "../../harness/runtime/output-tail.ts";
import { listen, portOf } from "../../harness/twin/serve/listen.ts";

const MAIN = "harness/cli/main.ts";
const APP = "images/python-main";

/** The packages come over the network. */
const FETCHING_MS = 600_000;

test(
  "the Python app's own unit tests run against sitecar twin, without an engine",
  { timeout: FETCHING_MS },
  async ({ signal }) => {
    await using stack = new AsyncDisposableStack();
    const packages = await mkdtemp(path.join(tmpdir(), "sitecar-python-"));
    stack.defer(() => rm(packages, { recursive: true, force: true }));
    await installPackages(PIP.packages, {
      unlessCommand: PIP.command,
      purpose: "to fetch the Python app's packages",
      environment: process.env,
      signal,
      tail: new OutputTail(),
      say: () => undefined,
    });
    await execa(
      "pip3",
      ["install", "--quiet", "--requirement", `${APP}/requirements.txt`, "--target", packages],
      {
        cancelSignal: signal,
      },
    );

    const appPort = await freePort();
    const twin = execa(
      process.execPath,
      [
        MAIN,
        "twin",
        "fixtures/sites/python-main",
        "--port",
        "0",
        "--grpc-port",
        "0",
        "--control-port",
        "0",
        "--app-port",
        String(appPort),
      ],
      { cancelSignal: signal, reject: false, env: { NO_COLOR: "1" } },
    );
    stack.defer(async () => {
      twin.kill("SIGINT");
      expect((await twin).exitCode).toBe(0);
    });
    const said = await untilOutput(
      twin.stdout,
      /http:\/\/127\.0\.0\.1:(\d+)\n[^]*gRPC +127\.0\.0\.1:(\d+)\n[^]*control +(\S+)\n/,
    );
    const [, httpPort, grpcPort, control] = said;

    const tests = await execa("python3", ["-m", "unittest", "-v", "test_app"], {
      cwd: APP,
      cancelSignal: signal,
      reject: false,
      env: {
        PYTHONPATH: packages,
        PYTHONDONTWRITEBYTECODE: "1",
        APPPORT: String(appPort),
        TWIN_CONTROL: control ?? "",
        DAPR_HTTP_PORT: httpPort ?? "",
        DAPR_GRPC_PORT: grpcPort ?? "",
      },
    });
    expect(tests.stderr).toMatch(/Ran 2 tests in [\d.]+s\n\nOK/);
    expect(tests.exitCode).toBe(0);
  },
);

/** The twin has to know it before the app listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, { port: 0, host: "127.0.0.1" });
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

function untilOutput(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = "";
    stream.on("data", (chunk) => {
      output += String(chunk);
      const match = pattern.exec(output);
      if (match !== null) resolve(match);
    });
    stream.on("end", () => reject(new Error(`it ended with ${output}`)));
  });
}
