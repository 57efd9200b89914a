import { readFile } from "node:fs/promises";
import path from "node:path";

import { LineCounter, parseDocument, type Document } from "yaml";

import { SitecarError } from "../errors/index.ts";
import { readDotenv } from "./dotenv.ts";
import { describePath, describePlace, excerpt, type Place } from "./problems.ts";

/** Why a file is no definition file, and where that shows. */
export interface SourceFailure {
  readonly error: SitecarError;
  /** The error's sentence with its reason, for a list of problems. */
  readonly message: string;
  readonly place: Place;
}

/**
 * A definition file, parsed with the place of every node kept. JSON by its extension `.json`; a text of `NAME=value` lines as
 * the object of these names and values; else YAML.
 */
export class SourceFile {
  readonly path: string;
  readonly document: Document;
  readonly #text: string;
  readonly #lines: LineCounter;

  private constructor(file: string, text: string, document: Document, lines: LineCounter) {
    this.path = file;
    this.document = document;
    this.#text = text;
    this.#lines = lines;
  }

  /**
   * @param namedAt where another definition file names this one.
   * @throws {SitecarError} FILE_NOT_READABLE, SPEC_MALFORMED.
   */
  static async read(file: string, namedAt?: Place): Promise<SourceFile> {
    return orThrow(await SourceFile.open(file, namedAt));
  }

  /** Like {@link read}, with the failure as a value. */
  static async open(file: string, namedAt?: Place): Promise<SourceFile | SourceFailure> {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(file);
    } catch (cause) {
      return fileNotReadable(file, cause, namedAt);
    }
    const text = decode(file, bytes);
    return typeof text === "string" ? parse(file, text) : text;
  }

  /** @throws {SitecarError} SPEC_MALFORMED with place and offending line. */
  static parse(file: string, text: string): SourceFile {
    return orThrow(parse(file, text));
  }

  /** @internal The parts of a parsed file, put together. */
  static of(file: string, text: string, document: Document, lines: LineCounter): SourceFile {
    return new SourceFile(file, text, document, lines);
  }

  /** The same file read by YAML 1.1, as Python's and Go's older readers do: `yes` is true, `<<` merges. */
  asYaml11(): SourceFile {
    const lines = new LineCounter();
    const document = parseDocument(this.#text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
      version: "1.1",
    });
    return new SourceFile(this.path, this.#text, document, lines);
  }

  /** @param offset position in the text, counted from 0. */
  placeAt(offset: number): Place {
    return placeAt(this.path, this.#text, this.#lines, offset);
  }
}

function orThrow(outcome: SourceFile | SourceFailure): SourceFile {
  if (outcome instanceof SourceFile) return outcome;
  throw outcome.error;
}

function parse(file: string, text: string): SourceFile | SourceFailure {
  const lines = new LineCounter();
  const isJson = path.extname(file).toLowerCase() === ".json";
  const names = isJson ? undefined : readDotenv(text, lines);
  if (names !== undefined) return SourceFile.of(file, text, names, lines);
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
    });
  } catch (cause) {
    // The parser descends by recursion: input nested thousands deep ends here.
    return malformed(placeAt(file, text, lines, 0), "it can't be parsed", cause);
  }
  // JSON first: what YAML forgives (trailing commas, comments) the tools that deploy this file do not.
  const jsonFault = isJson ? findJsonFault(text) : undefined;
  const [yamlFault] = document.errors;
  const offset = jsonFault?.offset ?? yamlFault?.pos[0] ?? text.length;
  if (jsonFault !== undefined || yamlFault !== undefined) {
    const message = jsonFault?.message ?? yamlFault?.message ?? "";
    return malformed(placeAt(file, text, lines, offset), message, yamlFault);
  }
  return SourceFile.of(file, text, document, lines);
}

/** A failure when the bytes are no text. Windows shells write UTF-16 with a mark. */
function decode(file: string, bytes: Uint8Array): string | SourceFailure {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    return malformed({ file, line: 1, column: 1, lineText: "" }, `it is not ${encoding} text`, cause);
  }
}

function placeAt(file: string, text: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
  const [lineText = ""] = text.slice(lines.lineStarts[line - 1] ?? 0).split(/\r?\n/, 1);
  return { file, line: Math.max(1, line), column: Math.max(1, col), lineText };
}

function findJsonFault(text: string): { message: string; offset?: number } | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = / at position (\d+)/.exec(message)?.[1];
    // The engine's sentence repeats the position and, for short texts, the text itself.
    const [sentence = message] = message.split(/ in JSON at position | at position |, (?:\.\.\.)?"/, 1);
    return position === undefined
      ? { message: sentence }
      : { message: sentence, offset: Number.parseInt(position, 10) };
  }
}

function malformed(place: Place, message: string, cause: unknown): SourceFailure {
  const language = path.extname(place.file).toLowerCase() === ".json" ? "JSON" : "YAML";
  const error = new SitecarError("SPEC_MALFORMED", {
    message: `${describePath(place.file)} is not valid ${language}.`,
    observations: [{ label: describePlace(place), value: `${message}\n${excerpt(place)}` }],
    remedy: `correct the ${language} at line ${place.line}, column ${place.column}.`,
    cause,
  });
  return { error, message: `${describePath(place.file)} is not valid ${language}: ${message}.`, place };
}

/** @param namedAt where a definition file names this one. */
export function fileNotReadable(file: string, cause: unknown, namedAt?: Place): SourceFailure {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const message = `${describePath(file)} can't be read (${reason}).`;
  const error = new SitecarError("FILE_NOT_READABLE", {
    message,
    observations:
      namedAt === undefined
        ? []
        : [{ label: "named at", value: `${describePlace(namedAt)}\n${excerpt(namedAt)}` }],
    remedy:
      namedAt === undefined
        ? "name a sitecar.json, the directory that holds one, or a site-containers spec file."
        : "correct the path (it is relative to the file that has it) or create the file.",
    cause,
  });
  return { error, message, place: namedAt ?? { file, line: 1, column: 1, lineText: "" } };
}
