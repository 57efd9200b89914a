import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Dockerode from "dockerode";
import { beforeEach, describe, expect, test } from "vitest";
import { silent } from "../../shared/progress.ts";
import { Steps } from "./steps.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "./workshop.ts";

const IMAGE: MadeImage = {
  name: "trial",
  hash: "0123456789abcdef",
  requested: "team/trial:1",
  origin: "built",
  reason: "built from Dockerfile",
};

let cacheDirectory: string;
/** Name → image id, as an engine keeps it. */
let tags: Map<string, string>;
let docker: Dockerode;

beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), "sitecar-workshop-"));
  tags = new Map();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://engine");
    const path = decodeURIComponent(url.pathname);
    const tagged = /\/images\/(?<id>[^/]+)\/tag$/.exec(path)?.groups?.["id"];
    const looked = /\/images\/(?<name>.+)\/json$/.exec(path)?.groups?.["name"];
    if (tagged !== undefined) {
      tags.set(`${url.searchParams.get("repo")}:${url.searchParams.get("tag")}`, tagged);
      response.writeHead(201).end();
      return;
    }
    const id = tags.get(looked ?? "");
    if (id === undefined) response.writeHead(404).end('{"message":"No such image"}');
    else response.writeHead(200).end(JSON.stringify({ Id: id, RepoDigests: [], Config: { Labels: {} } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  docker = new Dockerode({ protocol: "http", host: "127.0.0.1", port: address.port });
  return async () => {
    server.close();
    await rm(cacheDirectory, { recursive: true, force: true });
  };
});

/** As each of several processes would have one. */
function workshop(): Workshop {
  return {
    engine: { docker, version: "20.10", apiVersion: "1.41", origin: "test" },
    steps: new Steps(silent, undefined),
    architecture: "amd64",
    environment: {},
    cacheDirectory,
  };
}

describe("makeImage", () => {
  test("of several that need it at the same time, one makes it", async () => {
    let made = 0;
    const make = async () => {
      // Long enough for the others to have looked and found nothing.
      await readdir(cacheDirectory);
      return `id${++made}`;
    };
    const images = await Promise.all([1, 2, 3].map(() => makeImage(workshop(), IMAGE, make)));
    expect(images.map(({ id }) => id)).toEqual(["id1", "id1", "id1"]);
    expect(made).toBe(1);
    expect(images[0]).toMatchObject({
      reference: "sitecar/trial:0123456789abcdef",
      requested: "team/trial:1",
    });
  });

  test("gives the labels to find it by, and the final tag only at the end", async () => {
    const image = await makeImage(workshop(), IMAGE, (_step, labels) => {
      expect(labels).toEqual({ "sitecar.image": "trial", "sitecar.hash": IMAGE.hash });
      expect(tags.size).toBe(0);
      return Promise.resolve("id1");
    });
    expect(tags).toEqual(new Map([[image.reference, "id1"]]));
  });

  test("leaves no tag and no lock when it fails", async () => {
    await expect(
      makeImage(workshop(), IMAGE, () => Promise.reject(new Error("exit code 1"))),
    ).rejects.toMatchObject({ code: "IMAGE_BUILD_FAILED" });
    expect(tags.size).toBe(0);
    expect(await readdir(join(cacheDirectory, "locks"))).toEqual([]);
  });
});

describe("workDirectory", () => {
  test("is gone with its scope", async () => {
    let path: string;
    {
      await using work = await workDirectory(workshop(), "trial");
      path = work.path;
      await writeFile(join(path, "half-done"), "");
      expect(existsSync(path)).toBe(true);
    }
    expect(existsSync(path)).toBe(false);
  });

  test("takes away what dead processes left, and nothing of the living", async () => {
    const parent = join(cacheDirectory, "work");
    const dead = join(parent, "4194305-node-x");
    const living = join(parent, `${process.ppid}-node-x`);
    await mkdir(dead, { recursive: true });
    await mkdir(living, { recursive: true });
    await using work = await workDirectory(workshop(), "trial");
    expect({ dead: existsSync(dead), living: existsSync(living), own: existsSync(work.path) }).toEqual({
      dead: false,
      living: true,
      own: true,
    });
  });
});
