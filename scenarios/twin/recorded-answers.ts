import { readFile, writeFile } from "node:fs/promises";

/** daprd's answers by case, which the twin's unit tests are held to without an engine. */
export type RecordedAnswers<Answer> = Readonly<Record<string, readonly Answer[]>>;

/** `RECORD_TWIN=1`: what daprd answers now is written down. */
const RECORDING = process.env["RECORD_TWIN"] === "1";

/** What was recorded; while recording, these answers, which replace those of their cases. */
export async function recordedAnswers<Answer>(
  file: string,
  answers: ReadonlyMap<string, readonly Answer[]>,
  /** Of all cases: what there is no case for is left out. */
  keys: readonly string[],
): Promise<RecordedAnswers<Answer>> {
  const before = await readAnswers<Answer>(file);
  if (!RECORDING) return before;
  const all = keys.flatMap((key) => {
    const answer = answers.get(key) ?? before[key];
    return answer === undefined ? [] : [[key, answer] as const];
  });
  const recorded = Object.fromEntries(all);
  await writeFile(file, `${JSON.stringify(recorded, null, 1)}\n`);
  return recorded;
}

async function readAnswers<Answer>(file: string): Promise<RecordedAnswers<Answer>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as RecordedAnswers<Answer>;
  } catch (error) {
    if (RECORDING && error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}
