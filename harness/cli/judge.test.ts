import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EXIT } from "./exit-codes.ts";

// Each test starts a process, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

const MAIN = path.join(import.meta.dirname, "main.ts");
/** A run without a tap, in which both containers ignored SIGTERM. */
const RUN = path.join(import.meta.dirname, "..", "..", "fixtures", "runs", "example-as-deployed");

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "judge-"));
});
afterEach(() => rm(directory, { recursive: true }));

function sitecar(...args: string[]) {
  return execa(process.execPath, [MAIN, "judge", ...args], {
    reject: false,
    env: { SITECAR_RUNS: directory },
  });
}

describe("sitecar judge", () => {
  it("tells what holds and what is broken, each with its evidence", async () => {
    const { exitCode, stdout } = await sitecar(RUN);
    expect(exitCode).toBe(EXIT.broken);
    expect(stdout).toContain('held: ticksDelivered("batch")\n  2 ticks, each due one delivered once');
    expect(stdout).toContain(
      'broken: stopsGracefully("main")\n  container "main" killed at the end of the grace\n',
    );
  });

  it("shows a cadence's figures, as text and as JSON", async () => {
    const { exitCode, stdout } = await sitecar(RUN, "--cadence", "--only", 'cadence("batch")');
    expect(exitCode).toBe(EXIT.held);
    expect(stdout).toMatch(
      /^held: cadence\("batch"\)\n {2}2 ticks by daprd's counters, since the run had no tap/,
    );
    const { stdout: json } = await sitecar(RUN, "--cadence", "--only", 'cadence("batch")', "--json");
    expect(JSON.parse(json)).toMatchObject({
      runDirectory: RUN,
      judgements: [
        { verdict: "held", figures: [{ schedule: "@every 10s", seen: "counters", ticks: 2, missed: 0 }] },
      ],
    });
  });

  it("judges by contracts of the user's, with their own bounds", async () => {
    const module = path.join(directory, "contracts.ts");
    const index = path.join(import.meta.dirname, "..", "index.ts");
    await writeFile(
      module,
      `import { cadence, invokes } from ${JSON.stringify(index)};
export const contracts = [cadence("batch", { count: { least: 3 } }), invokes("blob", "create")];
`,
    );
    const { exitCode, stdout } = await sitecar(
      RUN,
      "--cadence",
      "--contracts",
      module,
      "--only",
      'cadence("batch")',
    );
    expect(exitCode).toBe(EXIT.broken);
    expect(stdout).toContain('too few ticks of "batch"\n  ticks: 2, held to at least 3');
    const { stdout: other } = await sitecar(
      RUN,
      "--contracts",
      module,
      "--only",
      'invokes("blob", "create")',
    );
    expect(other).toMatch(/^held: invokes/);
  });

  it("says unknown where nothing is broken and something can't be told", async () => {
    const module = path.join(directory, "contracts.mjs");
    const index = path.join(import.meta.dirname, "..", "index.ts");
    await writeFile(
      module,
      `import { respondsWithin } from ${JSON.stringify(index)};\nexport const late = respondsWithin("/**", { mostMs: 1 });\n`,
    );
    const { exitCode, stdout } = await sitecar(RUN, "--contracts", module, "--only", 'respondsWithin("/**")');
    expect(exitCode).toBe(EXIT.unknown);
    expect(stdout).toContain("the run had no tap\n  Fix: run the site with its tap");
  });

  it.each([
    ["a run that is not there", ["nowhere"], "USAGE"],
    ["a contract that is not there", [RUN, "--only", "cadance"], "CONTRACT_UNKNOWN"],
    ["a module that is not there", [RUN, "--contracts", "none.ts"], "CONTRACTS_UNREADABLE"],
  ])("refuses %s", async (_, args, code) => {
    const { exitCode, stderr } = await sitecar(...args);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain(code);
  });
});
