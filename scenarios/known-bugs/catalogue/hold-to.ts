import path from "node:path";
import { expect } from "vitest";
import type { Exploration } from "../../../harness/lab/exploration.ts";
import type { KnownBug } from "./expected.ts";
import { classOf, expectFound } from "./judge-exploration.ts";
import { explainAndTry, explore } from "./run-command.ts";

/** Explores a site of the catalogue as a user does, and holds what comes out to what is known of it. */
export async function holdTo({ folder, expected }: KnownBug, budget: string): Promise<Exploration> {
  const { exploration, exitCode } = await explore(folder, { budget });
  expectFound(exploration, expected);
  expect(
    exploration.tried.filter(({ verdict }) => verdict === "unknown").map(({ reason }) => reason),
  ).toEqual([]);
  expect(exitCode).toBe(expected.classes.length > 0 ? 1 : 0);
  return exploration;
}

/** Each remedy that can be tried turns its class green. */
export async function holdRemedies({ expected }: KnownBug, { classes }: Exploration): Promise<void> {
  for (const one of expected.classes) {
    const found = classOf(classes, one);
    if (one.remedy?.change === undefined || found === undefined) continue;
    const exploration = path.dirname(path.dirname(found.scheduleFile));
    const { exitCode, output } = await explainAndTry(`${exploration}#${found.key}`);
    expect(exitCode, output).toBe(0);
  }
}
