import { cp } from "node:fs/promises";
import { join } from "node:path";
import { runOnHost } from "../../host-command.ts";
import type { Step } from "../steps.ts";

/**
 * Installs what a recipe's lock file pins into `directory`, on this machine, so that its npm settings, proxies and
 * authorities apply and none of them gets into an image. No install script is run.
 */
export async function installLockedPackages(
  recipe: string,
  directory: string,
  options: { readonly step: Step; readonly cpu: "x64" | "arm64" },
): Promise<void> {
  for (const file of ["package.json", "package-lock.json"])
    await cp(join(recipe, file), join(directory, file));
  await runOnHost(
    [
      "npm",
      "ci",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      // Tells each fetch, so that a slow registry can be told from one that hangs.
      "--loglevel=http",
      "--workspaces=false",
      "--os=linux",
      "--libc=glibc",
      `--cpu=${options.cpu}`,
    ],
    { cwd: directory, signal: options.step.signal, tail: options.step.tail },
  );
}

/** npm's word for the engine's architecture. */
export function npmCpu(architecture: string): "x64" | "arm64" {
  return architecture === "arm64" ? "arm64" : "x64";
}
