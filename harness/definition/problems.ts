import path from "node:path";

import { SitecarError, type Observation } from "../errors/index.ts";

/** A position in a definition file. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The whole line, as written. */
  readonly lineText: string;
}

export interface Problem {
  /** Id of the lint rule that it breaks, where one is more exact than "malformed". */
  readonly rule?: string;
  readonly place: Place;
  readonly message: string;
  readonly remedy: string;
}

const EXCERPT_WIDTH = 100;

/** `file:line:column`, the file relative to the working directory where that is shorter. */
export function describePlace({ file, line, column }: Place): string {
  return `${describePath(file)}:${line}:${column}`;
}

/** The path relative to the working directory if it lies below it, else as it is. */
export function describePath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === "" || relative.startsWith("..") ? file : relative;
}

/** The offending line with a caret below the column; a long line is cut around it. */
export function excerpt({ lineText, column }: Place): string {
  const start = Math.max(0, column - 1 - Math.floor(EXCERPT_WIDTH / 2));
  const line = lineText.replaceAll(/\s/g, " ");
  const indentation = line.length - line.trimStart().length;
  const from = start === 0 ? Math.min(indentation, column - 1) : start;
  const shown = line.slice(from, from + EXCERPT_WIDTH);
  const lead = start === 0 ? "" : "…";
  const tail = from + EXCERPT_WIDTH < line.trimEnd().length ? "…" : "";
  return `  ${lead}${shown.trimEnd()}${tail}\n  ${" ".repeat(lead.length + column - 1 - from)}^`;
}

function observe({ place, message, remedy }: Problem, _index: number, all: readonly Problem[]): Observation {
  const ownRemedy = all.length === 1 ? "" : `\n  ${remedy}`;
  return { label: describePlace(place), value: `${message}\n${excerpt(place)}${ownRemedy}` };
}

/** Collects what is wrong in the files of one site, so that all of it is told at once. */
export class Problems {
  readonly #problems: Problem[] = [];

  add(problem: Problem): void {
    this.#problems.push(problem);
  }

  /** In the order of the files and lines. */
  sorted(): readonly Problem[] {
    return this.#problems.toSorted(
      (a, b) =>
        a.place.file.localeCompare(b.place.file) ||
        a.place.line - b.place.line ||
        a.place.column - b.place.column,
    );
  }

  /** @throws {SitecarError} SPEC_INVALID with every problem, in the order of the files and lines. */
  throwIfAny(): void {
    throwIfAny(this.sorted());
  }
}

/** @throws {SitecarError} SPEC_INVALID with every problem, in their order. */
export function throwIfAny(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const files = new Set(problems.map(({ place }) => describePath(place.file)));
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new SitecarError("SPEC_INVALID", {
    message: `${count} in ${[...files].join(", ")}.`,
    observations: problems.map(observe),
    remedy: problems.length === 1 ? first.remedy : "mend each place named above; all of them were checked.",
  });
}
