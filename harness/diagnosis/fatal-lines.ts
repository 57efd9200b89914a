import type { Daprd, Life, Look } from "./look.ts";
import type { LogLine } from "./log-line.ts";

/** An end of daprd's own: the message it gave as its last, and the life it ended, as far as the container ended with it. */
export interface FatalEnd {
  readonly daprd: Daprd;
  readonly line: LogLine;
  /** When its container had started, in milliseconds since the run began. */
  readonly startedMs: number;
  readonly life: Life | undefined;
}

/**
 * daprd's `fatal` lines that a judgement may be about, up to the stop: the promise of that line is that daprd ends. Those of
 * the stop are another matter.
 */
export function fatalEnds(look: Look): readonly FatalEnd[] {
  return look.daprds
    .filter(({ container }) => look.concernsContainer(container))
    .flatMap((daprd) =>
      daprd.lines
        .filter(({ level, line }) => level === "fatal" && line.tMs <= look.record.observedUntilMs)
        .map((line) => {
          const life = daprd.lives.findLast(({ startedMs }) => startedMs <= line.line.tMs);
          return { daprd, line, startedMs: life?.startedMs ?? 0, life };
        }),
    );
}

/** The first such end whose message matches, with the match. */
export function fatalEnd(
  look: Look,
  pattern: RegExp,
): (FatalEnd & { readonly match: RegExpExecArray }) | undefined {
  for (const end of fatalEnds(look)) {
    const match = pattern.exec(end.line.message);
    if (match !== null) return { ...end, match };
  }
  return undefined;
}
