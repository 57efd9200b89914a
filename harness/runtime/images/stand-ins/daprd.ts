import { chmod, copyFile, cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { runOnHost } from "../../host-command.ts";
import { contextEntries, tarOf } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { buildOnEngine } from "../engine-images.ts";
import type { Step } from "../steps.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { daprdContents, type DaprdContents } from "./daprd-components.ts";
import { ensureGo } from "./go-toolchain.ts";
import { recipeDirectory } from "./recipe-files.ts";

/** `daprio/daprd:<version>` as compiled from its Go module; `SITECAR_DAPRD=full` for every stable component. */
export async function daprdRecipe(workshop: Workshop, version: string): Promise<MadeImage> {
  const contents = await daprdContents(workshop.environment["SITECAR_DAPRD"]);
  const hash = await contentHash({
    values: {
      recipe: "1",
      version,
      architecture: workshop.architecture,
      tag: contents.tag,
      contents: contents.description,
    },
    entries: await contextEntries(recipeDirectory("daprd"), ["."]),
  });
  return {
    name: "daprd",
    hash,
    requested: `daprio/daprd:${version}`,
    origin: "stand-in",
    reason: `stand-in: daprd ${version} compiled from its unmodified Go module with these components: ${contents.description}`,
  };
}

export async function makeDaprd(workshop: Workshop, version: string): Promise<PreparedImage> {
  const image = await daprdRecipe(workshop, version);
  return makeImage(workshop, image, async (step, labels) => {
    const contents = await daprdContents(workshop.environment["SITECAR_DAPRD"]);
    await using work = await workDirectory(workshop, "daprd");
    const recipe = recipeDirectory("daprd");
    const built = join(work.path, "image");
    await cp(join(recipe, "rootfs"), join(built, "rootfs"), { recursive: true });
    await cp(join(recipe, "Dockerfile"), join(built, "Dockerfile"));
    await compile(workshop, { step, version, contents, work: work.path, output: join(built, "daprd") });
    step.say("the engine builds the daprd image");
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(built, ["Dockerfile", "rootfs", "daprd"])),
      dockerfile: "Dockerfile",
      buildArguments: {},
      labels: { ...labels, "sitecar.daprd.components": contents.description },
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

interface Compilation {
  readonly step: Step;
  readonly version: string;
  readonly contents: DaprdContents;
  readonly work: string;
  readonly output: string;
}

/** Compiles with dapr's own go.mod, go.sum and replacements; modules and results go to Go's usual caches. */
async function compile(
  workshop: Workshop,
  { step, version, contents, work, output }: Compilation,
): Promise<void> {
  const go = await ensureGo(workshop, step);
  const run = (cwd: string, ...args: readonly string[]) =>
    runOnHost([go, ...args], {
      cwd,
      environment: {
        CGO_ENABLED: "0",
        GOOS: "linux",
        GOARCH: workshop.architecture,
        GOTOOLCHAIN: "local",
        GOWORK: "off",
      },
      signal: step.signal,
      tail: step.tail,
    });
  step.say(`go fetches dapr ${version}`);
  const module = moduleDirectory(
    await run(work, "mod", "download", "-json", `github.com/dapr/dapr@v${version}`),
  );
  const source = join(work, "source");
  await copyWritable(module, source);
  const components = join(source, "cmd/daprd/components");
  for (const file of await readdir(components)) {
    if (!contents.keeps(file)) await rm(join(components, file));
  }
  step.say(`go compiles daprd ${version} (${contents.description})`);
  await run(
    source,
    "build",
    "-v",
    "-mod=mod",
    "-trimpath",
    "-tags",
    contents.tag,
    "-ldflags",
    `-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=${version}`,
    "-o",
    output,
    "./cmd/daprd",
  );
  await chmod(output, 0o755);
}

function moduleDirectory(downloadAnswer: string): string {
  const answer: unknown = JSON.parse(downloadAnswer);
  if (typeof answer === "object" && answer !== null && "Dir" in answer && typeof answer.Dir === "string") {
    return answer.Dir;
  }
  throw new Error("go did not say where it put dapr's module");
}

/** Go's module cache is read-only; the copy is not. */
async function copyWritable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyWritable(source, target);
    else if (entry.isFile()) {
      await copyFile(source, target);
      await chmod(target, 0o644);
    }
  }
}
