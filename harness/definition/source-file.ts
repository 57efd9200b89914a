import { readFile } from "node:fs/promises";
import path from "node:path";

import { LineCounter, parseDocument, type Document } from "yaml";

import { SitecarError } from "../errors/index.ts";
import { describePath, describePlace, excerpt, type Place } from "./problems.ts";

/** A definition file, parsed with the place of every node kept. JSON by its extension `.json`, else YAML. */
export class SourceFile {
  readonly path: string;
  readonly document: Document.Parsed;
  readonly #text: string;
  readonly #lines: LineCounter;

  private constructor(file: string, text: string, document: Document.Parsed, lines: LineCounter) {
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
    let bytes: Uint8Array;
    try {
      bytes = await readFile(file);
    } catch (cause) {
      throw fileNotReadable(file, cause, namedAt);
    }
    return SourceFile.parse(file, decode(file, bytes));
  }

  /** @throws {SitecarError} SPEC_MALFORMED with place and offending line. */
  static parse(file: string, text: string): SourceFile {
    const lines = new LineCounter();
    let document: Document.Parsed;
    try {
      document = parseDocument(text, {
        lineCounter: lines,
        prettyErrors: false,
        logLevel: "error",
      });
    } catch (cause) {
      // The parser descends by recursion: input nested thousands deep ends here.
      throw malformed(placeAt(file, text, lines, 0), "it can't be parsed", cause);
    }
    // JSON first: what YAML forgives (trailing commas, comments) the tools that deploy this file do not.
    const jsonFault = path.extname(file).toLowerCase() === ".json" ? findJsonFault(text) : undefined;
    const [yamlFault] = document.errors;
    const offset = jsonFault?.offset ?? yamlFault?.pos[0] ?? text.length;
    if (jsonFault !== undefined || yamlFault !== undefined) {
      const message = jsonFault?.message ?? yamlFault?.message ?? "";
      throw malformed(placeAt(file, text, lines, offset), message, yamlFault);
    }
    return new SourceFile(file, text, document, lines);
  }

  /** @param offset position in the text, counted from 0. */
  placeAt(offset: number): Place {
    return placeAt(this.path, this.#text, this.#lines, offset);
  }
}

/** @throws {SitecarError} SPEC_MALFORMED when the bytes are no text. Windows shells write UTF-16 with a mark. */
function decode(file: string, bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed({ file, line: 1, column: 1, lineText: "" }, `it is not ${encoding} text`, cause);
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

function malformed(place: Place, message: string, cause: unknown): SitecarError {
  const language = path.extname(place.file).toLowerCase() === ".json" ? "JSON" : "YAML";
  return new SitecarError("SPEC_MALFORMED", {
    message: `${describePath(place.file)} is not valid ${language}.`,
    observations: [{ label: describePlace(place), value: `${message}\n${excerpt(place)}` }],
    remedy: `correct the ${language} at line ${place.line}, column ${place.column}.`,
    cause,
  });
}

/** @param namedAt where a definition file names this one. */
export function fileNotReadable(file: string, cause: unknown, namedAt?: Place): SitecarError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new SitecarError("FILE_NOT_READABLE", {
    message: `${describePath(file)} can't be read (${reason}).`,
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
}
