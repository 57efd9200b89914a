import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UPSTREAM } from "../images/upstream-images.ts";
import { surveyImages, type SurveyOptions } from "./image-survey.ts";
import { startSmallEngine, type Answers } from "./test-support/small-engine.ts";

const VERSION: Answers = { "/version": [200, { Arch: "amd64" }] };
const HELD = [200, { Id: "sha256:1", RepoDigests: [], Config: { Labels: {} } }] as const;
const held = (...references: readonly string[]): Answers =>
  Object.fromEntries(references.map((reference) => [`/images/${reference}/json`, HELD]));
const registryAnswers: Answers = { [`/distribution/${UPSTREAM.debian}/json`]: [200, { Descriptor: {} }] };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-survey-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A machine with these commands on its PATH and no others, where nothing may be installed. */
async function machine(...commands: readonly string[]): Promise<NodeJS.ProcessEnv> {
  for (const command of commands) {
    await writeFile(join(directory, command), "#!/bin/sh\n");
    await chmod(join(directory, command), 0o755);
  }
  return { PATH: directory, SITECAR_NO_INSTALL: "1", SITECAR_CACHE_DIR: directory };
}

/** A site of a built sidecar on Debian, daprd and Envoy, and a pulled image. */
async function options(environment: NodeJS.ProcessEnv): Promise<SurveyOptions> {
  await writeFile(
    join(directory, "Dockerfile"),
    `ARG DEBIAN_IMAGE=${UPSTREAM.debian}\nARG DAPRD_IMAGE=${UPSTREAM.daprd}\nARG ENVOY_IMAGE=${UPSTREAM.envoy}\nFROM \${DEBIAN_IMAGE}\n`,
  );
  return {
    images: ["team.example/sidecar:1", "team.example/web:1"],
    builds: {
      "team.example/sidecar:1": { context: directory, dockerfile: "Dockerfile", include: ["Dockerfile"] },
    },
    environment,
    signal: new AbortController().signal,
  };
}

const ALL = [...Object.values(UPSTREAM), "team.example/web:1"].toSorted();

describe("surveyImages", () => {
  it("asks no registry when the engine has everything", async () => {
    await using small = await startSmallEngine({ ...VERSION, ...held(...ALL) });
    const survey = await surveyImages(small.engine, await options(await machine()));
    expect(survey).toMatchObject({ decision: { source: "registry" }, missing: [], obstacles: [] });
    expect(survey.present.toSorted()).toEqual(ALL);
    expect(small.asked.filter((path) => path.startsWith("/distribution/"))).toEqual([]);
  });

  it("has no obstacle when the registry answers", async () => {
    await using small = await startSmallEngine({ ...VERSION, ...registryAnswers });
    const survey = await surveyImages(small.engine, await options(await machine()));
    expect(survey).toMatchObject({ decision: { source: "registry" }, present: [], obstacles: [] });
    expect(survey.missing.toSorted()).toEqual(ALL);
  });

  it("says what is in the way of each stand-in on a machine that can't make them", async () => {
    await using small = await startSmallEngine(VERSION);
    const survey = await surveyImages(small.engine, await options(await machine("go")));
    expect(survey.decision.source).toBe("stand-in");
    expect(Object.fromEntries(survey.obstacles.map(({ image, why }) => [image, why]))).toEqual({
      [UPSTREAM.debian]: "mmdebstrap is not installed, and SITECAR_NO_INSTALL=1 forbids it",
      [UPSTREAM.node]: "mmdebstrap is not installed, and SITECAR_NO_INSTALL=1 forbids it",
      [UPSTREAM.envoy]: "mmdebstrap is not installed, and SITECAR_NO_INSTALL=1 forbids it",
      [UPSTREAM.azurite]: "mmdebstrap is not installed, and SITECAR_NO_INSTALL=1 forbids it",
      "team.example/web:1": "it is not on the engine, no registry answers, and no stand-in is known",
    });
  });

  it("sees that mmdebstrap, Go and pip are enough", async () => {
    await using small = await startSmallEngine({ ...VERSION, ...held("team.example/web:1") });
    const survey = await surveyImages(small.engine, await options(await machine("go", "mmdebstrap", "pip3")));
    expect(survey).toMatchObject({
      decision: { source: "stand-in" },
      present: ["team.example/web:1"],
      obstacles: [],
    });
    expect(survey.missing.toSorted()).toEqual(Object.values(UPSTREAM).toSorted());
  });

  it("sees that Envoy can't be had without pip", async () => {
    await using small = await startSmallEngine({ ...VERSION, ...held("team.example/web:1") });
    const survey = await surveyImages(small.engine, await options(await machine("go", "mmdebstrap")));
    expect(survey.obstacles).toEqual([
      { image: UPSTREAM.envoy, why: "pip3 is not installed, and SITECAR_NO_INSTALL=1 forbids it" },
    ]);
  });

  it("does not count a public image as there when stand-ins are asked for", async () => {
    await using small = await startSmallEngine({ ...VERSION, ...held(...ALL) });
    const environment = { ...(await machine("go", "mmdebstrap", "pip3")), SITECAR_IMAGES: "stand-in" };
    const survey = await surveyImages(small.engine, await options(environment));
    expect(survey.decision.reason).toBe("SITECAR_IMAGES=stand-in says so");
    expect(survey.present).toEqual(["team.example/web:1"]);
  });

  it("uses stand-ins of an earlier run, and does not count them when a registry is asked for", async () => {
    const environment = await machine("go", "mmdebstrap", "pip3");
    await using empty = await startSmallEngine(VERSION);
    await surveyImages(empty.engine, await options(environment));
    const made = empty.asked.map((path) => /^\/images\/(sitecar\/.+)\/json$/.exec(path)?.[1] ?? []).flat();
    await using small = await startSmallEngine({ ...VERSION, ...held(...made) });

    const warm = await surveyImages(small.engine, await options(environment));
    expect(warm.decision.reason).toBe("the engine has stand-ins from an earlier run");
    expect(warm.missing).toEqual(["team.example/web:1"]);
    const forced = await surveyImages(
      small.engine,
      await options({ ...environment, SITECAR_IMAGES: "registry" }),
    );
    expect(forced.present).toEqual([]);
  });

  it("passes on a wrong setting", async () => {
    await using small = await startSmallEngine(VERSION);
    const environment = { ...(await machine()), SITECAR_IMAGES: "maybe" };
    await expect(surveyImages(small.engine, await options(environment))).rejects.toMatchObject({
      code: "USAGE",
    });
  });
});
