import { execa } from "execa";
import type { Exploration } from "../../../harness/lab/exploration.ts";

export interface Explored {
  readonly exploration: Exploration;
  readonly exitCode: number | undefined;
}

/** `sitecar explore` as a user calls it: default settings, and nothing said about where to look. */
export async function explore(
  folder: string,
  { budget }: { readonly budget?: string | undefined } = {},
): Promise<Explored> {
  const words = ["explore", folder, ...(budget === undefined ? [] : ["--budget", budget]), "--json"];
  const { exitCode, stdout, stderr } = await sitecar(words);
  if (!stdout.startsWith("{")) throw new Error(`explore ended with ${exitCode} and no result:\n${stderr}`);
  return { exploration: JSON.parse(stdout) as Exploration, exitCode };
}

/** Tries the remedies of a class. Ends with 0 when one has turned it green. */
export async function explainAndTry(
  failingClass: string,
): Promise<{ readonly exitCode: number | undefined; readonly output: string }> {
  const { exitCode, stdout, stderr } = await sitecar(["explain", failingClass, "--try"]);
  return { exitCode, output: `${stdout}\n${stderr}` };
}

async function sitecar(
  words: readonly string[],
): Promise<{ readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }> {
  const { exitCode, stdout, stderr } = await execa("npm", ["run", "--silent", "sitecar", "--", ...words], {
    reject: false,
  });
  return { exitCode, stdout, stderr };
}
