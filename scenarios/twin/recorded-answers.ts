import { readFile, writeFile } from "node:fs/promises";

import { caseKey, type CaseAnswer, type ParityCase } from "../../harness/twin/test-support/parity-case.ts";

/** daprd's answers by case, which the twin's unit test is held to without an engine. */
export type RecordedAnswers = Record<string, readonly CaseAnswer[]>;

/** `RECORD_TWIN=1`: what daprd answers now is written down instead of compared. */
export const RECORDING = process.env["RECORD_TWIN"] === "1";

export async function readAnswers(version: string): Promise<RecordedAnswers> {
  try {
    return JSON.parse(await readFile(fileOf(version), "utf8")) as RecordedAnswers;
  } catch (error) {
    if (RECORDING && error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

/** Replaces the answers to these cases and leaves out those that there is no case for. */
export async function writeAnswers(
  version: string,
  answers: ReadonlyMap<ParityCase, readonly CaseAnswer[]>,
  cases: readonly ParityCase[],
): Promise<void> {
  const before = await readAnswers(version);
  const fresh = new Map([...answers].map(([one, answer]) => [caseKey(one), answer] as const));
  const all = cases.map(caseKey).flatMap((key) => {
    const answer = fresh.get(key) ?? before[key];
    return answer === undefined ? [] : [[key, answer] as const];
  });
  await writeFile(fileOf(version), `${JSON.stringify(Object.fromEntries(all), null, 1)}\n`);
}

function fileOf(version: string): string {
  return `harness/twin/test-support/answers-${version}.json`;
}
