import { randomUUID } from "node:crypto";
import { execa } from "execa";
import { expect, onTestFinished } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { aloneWithPrune } from "../support/alone-with-prune.ts";
import { ANSWERING_MAIN, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

interface Pruned {
  readonly removed: readonly { readonly name: string }[];
  readonly found: readonly { readonly name: string; readonly runner: string }[];
}

/** Without `--all`: takes what dead runs left, as every start does. */
async function prune(): Promise<Pruned> {
  await using _ = await aloneWithPrune();
  const { stdout } = await execa("node", ["harness/cli/main.ts", "prune", "--json"]);
  return JSON.parse(stdout) as Pruned;
}

test("a named /home outlives its runs; prune leaves it unless it is asked for all (A5.1)", async ({
  startSite,
  host,
  definition,
}) => {
  const home = `scenario-${randomUUID()}`;
  const volume = `sitecar-home-${home}`;
  onTestFinished(() => host.engine.docker.getVolume(volume).remove());
  const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN });
  {
    await using first = await startSite({ ...options, home }, small);
    await first.container("main").exec(["sh", "-c", "echo one > /home/a"]);
  }
  {
    await using second = await startSite({ ...options, home }, small);
    expect((await second.container("main").exec(["cat", "/home/a"])).stdout).toBe("one\n");
  }
  {
    // Without a name it is an empty one.
    await using third = await startSite(options, small);
    expect((await third.container("main").exec(["ls", "/home"])).stdout).toBe("LogFiles\n");
  }
  const { found, removed } = await prune();
  expect(found).toContainEqual(expect.objectContaining({ name: volume, runner: "kept" }));
  expect(removed.map(({ name }) => name)).not.toContain(volume);
  expect((await host.engine.docker.getVolume(volume).inspect()).Labels).toEqual({ "sitecar.home": home });
});

test("a name that the engine could not take is refused before anything is made", async ({
  startSite,
  definition,
}) => {
  const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN });
  await expect(startSite({ ...options, home: "../up" }, small)).rejects.toMatchObject({ code: "USAGE" });
});
