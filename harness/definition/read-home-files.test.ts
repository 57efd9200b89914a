import { afterEach, beforeEach, describe, expect, it } from "vitest";
import path from "node:path";

import { readSite } from "./read-site.ts";
import { SiteFiles } from "./test-support/site-files.ts";

let files: SiteFiles;

beforeEach(async () => {
  files = await SiteFiles.create();
});
afterEach(async () => {
  await files[Symbol.asyncDispose]();
});

async function putSite(homeFiles: unknown): Promise<string> {
  const main = { name: "main", properties: { image: "shop/main:1", isMain: true } };
  return await files.put("sitecar.json", { name: "shop", siteContainers: [main], homeFiles });
}

describe("homeFiles", () => {
  it("are files and directories beside the site's file", async () => {
    await files.put("blob.yaml", "a: b");
    const site = await readSite(
      await putSite([
        { from: "blob.yaml", to: "/home/dapr/blob.yaml" },
        { from: ".", to: "/home/all" },
      ]),
    );
    expect(site.homeFiles).toEqual([
      { from: path.join(files.directory, "blob.yaml"), to: "/home/dapr/blob.yaml" },
      { from: files.directory, to: "/home/all" },
    ]);
  });

  it.each([
    ["what is not there", { from: "nowhere", to: "/home/x" }, "where nothing is"],
    ["a place beside /home", { from: ".", to: "/etc" }, "does not lie in /home"],
    ["a place out of /home", { from: ".", to: "/home/../etc" }, "does not lie in /home"],
    ["no place", { from: "." }, "to"],
  ])("can't be %s", async (_, file, message) => {
    expect(await files.failureOf(await putSite([file]))).toContain(message);
  });
});
