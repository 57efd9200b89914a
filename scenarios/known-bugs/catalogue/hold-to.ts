import path from "node:path";
import { expect } from "vitest";
import type { Exploration } from "../../../harness/lab/exploration.ts";
import type { KnownBug } from "./expected.ts";
import { classOf, expectFound } from "./judge-exploration.ts";
import { explainAndTry, explore } from "./run-command.ts";

/**
 * Explores a site of the catalogue as a user does, and holds what comes out to what is known of it.
 * @param budget default: the command's own.
 */
export async function expectKnown({ folder, expected }: KnownBug, budget?: string): Promise<Exploration> {
  const { exploration, exitCode } = await explore(folder, { budget });
  expectFound(exploration, expected);
  expect(
    exploration.tried.filter(({ verdict }) => verdict === "unknown").map(({ reason }) => reason),
  ).toEqual([]);
  expect(exitCode).toBe(expected.classes.length > 0 ? 1 : 0);
  return exploration;
}

/** What came of trying a remedy. */
export interface TriedRemedy {
  readonly class: string;
  /** 0: it has turned the class green. */
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Tries the remedies of every class of which the catalogue names one that can be tried. */
export async function tryRemedies(
  { expected }: KnownBug,
  { classes }: Exploration,
): Promise<readonly TriedRemedy[]> {
  const tried: TriedRemedy[] = [];
  for (const one of expected.classes) {
    const found = classOf(classes, one);
    if (one.remedy?.change === undefined || found === undefined) continue;
    const exploration = path.dirname(path.dirname(found.scheduleFile));
    tried.push({ class: found.key, ...(await explainAndTry(`${exploration}#${found.key}`)) });
  }
  return tried;
}
