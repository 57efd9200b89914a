import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { goProxies } from "./go-proxies.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sitecar-go-"));
  return () => rm(home, { recursive: true, force: true });
});

describe("goProxies", () => {
  test("GOPROXY first, in its order, without the words that are no addresses", async () => {
    const GOPROXY = "https://one.example/,https://two.example|direct,off";
    expect(await goProxies({ HOME: home, GOPROXY })).toEqual(["https://one.example", "https://two.example"]);
  });

  test("then the user's Go environment file", async () => {
    await mkdir(join(home, ".config/go"), { recursive: true });
    await writeFile(join(home, ".config/go/env"), "GOFLAGS=-mod=mod\nGOPROXY=https://file.example,direct\n");
    expect(await goProxies({ HOME: home })).toEqual(["https://file.example"]);
    expect(await goProxies({ HOME: home, GOENV: "off" })).toEqual(["https://proxy.golang.org"]);
  });

  test("then the public one", async () => {
    expect(await goProxies({ HOME: home })).toEqual(["https://proxy.golang.org"]);
  });
});
