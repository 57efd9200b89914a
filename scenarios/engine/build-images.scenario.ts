import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { ImageBuild } from "../../harness/definition/site-definition.ts";
import { cacheDirectory } from "../../harness/runtime/cache-directory.ts";
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import type { Engine } from "../../harness/runtime/engine/engine.ts";
import { prepareImages } from "../../harness/runtime/images/prepare-images.ts";
import type { ProgressEvent } from "../../harness/shared/progress.ts";

let engine: Engine;
let context: string;
let name: string;

beforeEach(async () => {
  engine = await connectEngine({ mayInstall: false });
  context = await mkdtemp(join(tmpdir(), "sitecar-build-"));
  name = `trial-${randomUUID().slice(0, 8)}`;
  return async () => {
    await rm(context, { recursive: true, force: true });
    for (const tag of await tagsOf(name)) await engine.docker.getImage(tag).remove({ force: true });
  };
});

async function tagsOf(image: string): Promise<readonly string[]> {
  const images = await engine.docker.listImages({ filters: { reference: [`sitecar/${image}`] } });
  return images.flatMap(({ RepoTags }) => RepoTags ?? []);
}

async function buildOf(
  dockerfile: readonly string[],
  more: Partial<ImageBuild> = {},
): Promise<Record<string, ImageBuild>> {
  await writeFile(
    join(context, "Dockerfile"),
    ["ARG DEBIAN_IMAGE=debian:bookworm-slim", "FROM ${DEBIAN_IMAGE}", ...dockerfile, ""].join("\n"),
  );
  return { [`${name}:1`]: { context, dockerfile: "Dockerfile", include: [], ...more } };
}

describe("an image that can't be built", () => {
  test("names its step with the last lines, and leaves nothing under the final tag", async () => {
    const builds = await buildOf(["RUN echo so far so good && echo the reason >&2 && exit 7"]);
    const failure: unknown = await prepareImages(engine, { images: [`${name}:1`], builds }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: "IMAGE_BUILD_FAILED" });
    expect(String(failure)).toContain(`"image ${name}"`);
    expect(String(failure)).toContain("the reason");
    expect(await tagsOf(name)).toEqual([]);
    expect((await readdir(join(cacheDirectory(), "locks"))).filter((file) => file.includes(name))).toEqual(
      [],
    );
  });

  test("a bundler that fails is named before the engine is asked", async () => {
    const builds = await buildOf([], { prepare: ["sh", "-c", "echo no such module >&2; exit 1"] });
    await expect(prepareImages(engine, { images: [`${name}:1`], builds })).rejects.toMatchObject({
      code: "IMAGE_BUILD_FAILED",
      message: expect.stringMatching(new RegExp(`prepare ${name}[^]*no such module`)),
    });
  });
});

test("an image that nobody has is named, with the registry's words", async () => {
  const missing = "127.0.0.1:1/nobody/nothing:1";
  await expect(prepareImages(engine, { images: [missing], builds: {} })).rejects.toMatchObject({
    code: "IMAGE_NOT_FOUND",
    message: expect.stringMatching(/127\.0\.0\.1:1\/nobody\/nothing:1[^]*connection refused/),
  });
});

test("two at the same time make an image once; a third finds it", async () => {
  const builds = await buildOf(["COPY content /content"], { include: ["content"] });
  await writeFile(join(context, "content"), randomUUID());
  const events: ProgressEvent[] = [];
  const prepare = () =>
    prepareImages(engine, { images: [`${name}:1`], builds, progress: (event) => events.push(event) });
  const [first, second] = await Promise.all([prepare(), prepare()]);
  const third = await prepare();
  const ends = events.filter(({ step, state }) => step === `image ${name}` && /done|cached/.test(state));
  expect(ends.map(({ state }) => state)).toEqual(["done", "cached", "cached"]);
  expect(new Set([first, second, third].map((set) => set.of(`${name}:1`).id)).size).toBe(1);
});

test("a changed file makes another image, an untouched one does not", async () => {
  const builds = await buildOf(["COPY content /content"], { include: ["content"] });
  const prepare = async () =>
    (await prepareImages(engine, { images: [`${name}:1`], builds })).of(`${name}:1`);
  await writeFile(join(context, "content"), "one");
  const one = await prepare();
  await writeFile(join(context, "not-included"), "x");
  expect((await prepare()).reference).toBe(one.reference);
  await writeFile(join(context, "content"), "two");
  expect((await prepare()).reference).not.toBe(one.reference);
});

test("stopping ends a build soon and leaves nothing under the final tag", async () => {
  const builds = await buildOf(["RUN echo begun && sleep 600"]);
  const stop = new AbortController();
  const stopped = prepareImages(engine, {
    images: [`${name}:1`],
    builds,
    signal: stop.signal,
    progress: ({ step, state }) => {
      // The first sign of life after the build began.
      if (step === `image ${name}` && state === "working") stop.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: "RUN_STOPPED" });
  expect(await tagsOf(name)).toEqual([]);
});
