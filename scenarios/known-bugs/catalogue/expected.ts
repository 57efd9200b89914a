import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { ClassJudgement } from "../../../harness/lab/exploration.ts";

const SITES = "scenarios/known-bugs/sites";

/** What has to be found of one class of failures. */
export interface ExpectedClass {
  /** The contract's name, without its subject. */
  readonly contract: string;
  readonly symptom: string;
  /** The id of the rule that has to name the cause. */
  readonly cause: string;
  /** Any of these. */
  readonly judgement: readonly ClassJudgement[];
  readonly threshold?: {
    readonly what: string;
    readonly ms: number;
    readonly toleranceMs: number;
    /**
     * How far a value that always holds and one that always breaks may lie apart; default 300. More where a wait of chance in the
     * site's own programs moves the threshold, which `dependsOn` names.
     */
    readonly apartMs?: number;
    readonly dependsOn?: string;
  };
  /** `change`: it can be tried, and has to turn the class green. */
  readonly remedy?: { readonly text: string; readonly change?: unknown };
}

/** `expected.json` beside a site of the catalogue. */
export interface Expected {
  readonly bug: string;
  readonly source: string;
  readonly classes: readonly ExpectedClass[];
  /** What breaks because of the bug besides, as the beginning of a class's `<contract name>: <symptom>`. */
  readonly also: readonly string[];
}

export interface KnownBug {
  readonly name: string;
  /** As the command takes it. */
  readonly folder: string;
  readonly expected: Expected;
}

export async function knownBugs(): Promise<readonly KnownBug[]> {
  const names = (await readdir(SITES)).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const folder = path.posix.join(SITES, name);
      const expected: Expected = JSON.parse(await readFile(path.join(folder, "expected.json"), "utf8"));
      return { name, folder, expected };
    }),
  );
}
