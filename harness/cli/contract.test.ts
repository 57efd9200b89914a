import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PlayedSide } from "../pacts/played-side.ts";
import { parsePact } from "../pacts/read-pact.ts";
import { recordPacts } from "../pacts/record-pacts.ts";
import { serveSide } from "../pacts/serve-side.ts";
import { exampleRecording } from "../pacts/test-support/example-exchanges.ts";
import { startSmallMain, type SmallMainOptions } from "../pacts/test-support/small-main.ts";
import { pactText, writePacts } from "../pacts/write-pacts.ts";
import { EXIT } from "./exit-codes.ts";

const MAIN = path.join(import.meta.dirname, "main.ts");
const EXAMPLE = path.join(import.meta.dirname, "../../fixtures/sites/example");

// Each test starts a process, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

const recorded = recordPacts(exampleRecording());

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-contract-"));
  await writePacts(path.join(directory, "contracts"), [recorded.toMain, recorded.toSidecar]);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** As a user calls it, in a folder of its own and with an engine that is not there. */
function sitecar(...args: readonly string[]) {
  return execa(process.execPath, [MAIN, "contract", ...args], {
    cwd: directory,
    reject: false,
    env: { DOCKER_HOST: `unix://${path.join(directory, "none.sock")}`, NO_COLOR: "1" },
  });
}

describe("sitecar contract verify --main <url>", () => {
  it.each([
    ["holds one that does as recorded", {}, EXIT.held, ": held"],
    [
      "tells field by field what is otherwise",
      { tickStatus: 500 },
      EXIT.broken,
      "response.status: 200 → 500",
    ],
  ])("%s", async (_, how: Omit<SmallMainOptions, "sidecar">, exitCode, told) => {
    // Where main looks for its sidecar is chosen before the command listens there.
    const port = await freePort();
    await using main = await startSmallMain({ sidecar: `http://127.0.0.1:${port}`, ...how });
    const result = await sitecar("verify", "contracts", "--main", main.url, "--sidecar-port", String(port));
    expect(result).toMatchObject({ exitCode, stderr: "" });
    expect(result.stdout).toContain(told);
    expect(result.stdout).toContain('main asks the binding "blob" for create: 200');
  });
});

describe("sitecar contract verify --sidecar", () => {
  it("holds one at a URL, and says that its own questions are not looked at", async () => {
    await using sidecar = await serveSide(new PlayedSide(parsePact(pactText(recorded.toSidecar), "x")), 0);
    const { exitCode, stdout } = await sitecar("verify", "contracts", "--sidecar", sidecar.url);
    expect(exitCode).toBe(EXIT.held);
    expect(stdout).toContain("give --app-port to stand in main's place");
  });

  it("holds the twin, with JSON alone on its output", async () => {
    const contracts = path.join(EXAMPLE, "contracts");
    const args = ["--sidecar", "twin", "--site", EXAMPLE, "--json"];
    const { exitCode, stdout } = await sitecar("verify", contracts, ...args);
    expect(exitCode).toBe(EXIT.held);
    expect(JSON.parse(stdout)).toMatchObject([{ against: "twin of daprd 1.18.2", verdict: "held" }]);
  });
});

describe("bad input ends with 64 and says what to do", () => {
  it.each([
    ["nothing to verify", ["verify", "contracts"], "name a main with --main, or a sidecar with --sidecar"],
    [
      "no file",
      ["verify", "none", "--sidecar", "twin"],
      "FILE_NOT_READABLE: the contract file none can't be read",
    ],
    ["a file that is none", ["verify", "bad.json", "--sidecar", "twin"], "CONTRACT_FILE_INVALID: bad.json"],
    ["one direction", ["verify", "contracts/dapr-main.json", "--main"], "one for each direction"],
    ["a run that is not there", ["record", "--run", "none"], "no run"],
    ["too few ticks", ["record", "--ticks", "1"], "must be a whole number from 2 up"],
    ["no time", ["record", "--for", "long"], "write a duration"],
    ["no command", [], "Usage: sitecar contract"],
  ])("%s", async (_, args, told) => {
    await writeFile(path.join(directory, "bad.json"), "{}");
    const { exitCode, stderr } = await sitecar(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: EXIT.usage, stderr: expect.stringContaining(told) });
  });
});

it("asks for a header that was masked, and sends what is given", async () => {
  const contracts = path.join(directory, "tokens");
  const withToken = (pact: typeof recorded.toMain) => ({
    ...pact,
    interactions: pact.interactions.map((one) => ({
      ...one,
      request: { ...one.request, headers: { ...one.request.headers, "dapr-api-token": ["(masked)"] } },
    })),
  });
  await writePacts(contracts, [recorded.toMain, withToken(recorded.toSidecar)]);
  const side = new PlayedSide(parsePact(pactText(recorded.toSidecar), "x"));
  await using sidecar = await serveSide(side, 0);
  const without = await sitecar("verify", contracts, "--sidecar", sidecar.url);
  expect(without).toMatchObject({
    exitCode: EXIT.usage,
    stderr: expect.stringContaining("--header dapr-api-token=…"),
  });
  const given = await sitecar(
    "verify",
    contracts,
    "--sidecar",
    sidecar.url,
    "--header",
    "dapr-api-token=secret",
  );
  expect(given.exitCode).toBe(EXIT.held);
  const sent = side.asked.map(
    ({ request }) => request.headers.find(([name]) => name === "dapr-api-token")?.[1],
  );
  expect(sent).toEqual(["secret", "secret"]);
});

async function freePort(): Promise<number> {
  await using served = await serveSide(new PlayedSide(parsePact(pactText(recorded.toSidecar), "x")), 0);
  return served.port;
}
