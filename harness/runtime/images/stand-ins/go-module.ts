import { chmod, copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { runOnHost } from "../../host-command.ts";
import type { Step } from "../steps.ts";
import type { Workshop } from "../workshop.ts";
import { ensureGo } from "./go-toolchain.ts";

/** Runs `go` in a directory with these arguments, and hands back what it printed. */
export type RunGo = (directory: string, ...args: readonly string[]) => Promise<string>;

/** A `go` that compiles static Linux binaries for the engine; modules and results go to Go's usual caches. */
export async function goFor(workshop: Workshop, step: Step): Promise<RunGo> {
  const go = await ensureGo(workshop, step);
  return (directory, ...args) =>
    runOnHost([go, ...args], {
      cwd: directory,
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
}

/** Puts a copy of a module's source, which may be written to, at `source`. Compiled there, its own go.mod and go.sum hold. */
export async function copyModule(
  run: RunGo,
  { module, work, source }: { readonly module: string; readonly work: string; readonly source: string },
): Promise<void> {
  const answer: unknown = JSON.parse(await run(work, "mod", "download", "-json", module));
  if (typeof answer === "object" && answer !== null && "Dir" in answer && typeof answer.Dir === "string") {
    await copyWritable(answer.Dir, source);
    return;
  }
  throw new Error(`go did not say where it put ${module}`);
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
