import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { ERROR_CODES } from "./errors/index.ts";

/** The house's rules. Each is a function of one file, shown below to find what it forbids. */

const HOUSE = import.meta.dirname;
const DOCS = path.join(HOUSE, "..", "docs");
const MOST_LINES = 300;

interface SourceText {
  /** Relative to `harness/`, with slashes. */
  readonly file: string;
  readonly text: string;
}

type Rule = (source: SourceText) => string[];

/** Rooms in their order, top first, as docs/architecture.md lists them. */
async function readRooms(): Promise<string[]> {
  const architecture = await readFile(path.join(DOCS, "architecture.md"), "utf8");
  return [...architecture.matchAll(/^\| `(\w+)\/` +\|/gm)].map(([, room = ""]) => room);
}

async function readSources(): Promise<SourceText[]> {
  const files = await readdir(HOUSE, { recursive: true });
  return Promise.all(
    files
      // This file names what it forbids.
      .filter((file) => file.endsWith(".ts") && file !== path.basename(import.meta.filename))
      .map(async (file) => ({
        file: file.replaceAll(path.sep, "/"),
        text: await readFile(path.join(HOUSE, file), "utf8"),
      })),
  );
}

/** The text without comments; with `strings: "blank"` also without what stands in quotes. */
function codeOf(text: string, { strings }: { readonly strings: "keep" | "blank" }): string {
  return text.replaceAll(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (_, quoted: string | undefined, template: string | undefined) =>
      template ?? (quoted === undefined ? "" : strings === "keep" ? quoted : '""'),
  );
}

function importsOf(text: string): string[] {
  const code = codeOf(text, { strings: "keep" });
  const found = code.matchAll(
    /^(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
  );
  return [...found].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? "");
}

/** A file's room; `undefined` for a file at the door, such as index.ts. */
function roomOf(file: string): string | undefined {
  return file.includes("/") ? file.split("/", 1)[0] : undefined;
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts") || file.includes("/test-support/");
}

function importsOnlyRoomsAbove(rooms: readonly string[]): Rule {
  return ({ file, text }) => {
    const room = roomOf(file);
    if (room === undefined) return [];
    if (!rooms.includes(room)) {
      return [
        `${file}: the room ${room}/ is not in docs/architecture.md; use a room of the list or add it there`,
      ];
    }
    return importsOf(text)
      .filter((specifier) => specifier.startsWith("."))
      .flatMap((specifier) => {
        const target = path.posix.join(path.posix.dirname(file), specifier);
        if (target.startsWith("..")) return [];
        const other = roomOf(target);
        if (other === undefined)
          return [`${file}: importing ${specifier} is banned, use the room it comes from`];
        if (other === room || other === "errors" || other === "shared") return [];
        if (rooms.indexOf(other) < rooms.indexOf(room) && room !== "errors" && room !== "shared") return [];
        return [
          `${file}: importing ${specifier} is banned: ${room}/ stands above ${other}/; use what ${other}/ is handed, or move the code`,
        ];
      });
  };
}

const setsNoTimers: Rule = ({ file, text }) => {
  if (file === "shared/clock.ts") return [];
  const code = codeOf(text, { strings: "blank" });
  const timers = [...code.matchAll(/\b(?:setTimeout|setInterval|AbortSignal\.timeout)\b/g)].map(
    ([timer]) => timer,
  );
  const imported = importsOf(text).filter((specifier) => /^(?:node:)?timers/.test(specifier));
  return [...timers, ...imported].map(
    (timer) => `${file}: ${timer} is banned, use Deadline, poll or delay of shared/clock.ts`,
  );
};

const leavesTheEngineToRuntime: Rule = ({ file, text }) => {
  if (roomOf(file) === "runtime") return [];
  const packages = importsOf(text).filter((specifier) =>
    /^(?:dockerode|testcontainers)(?:\/|$)/.test(specifier),
  );
  const uses = /\.docker\b/.test(codeOf(text, { strings: "blank" })) ? ["Engine.docker"] : [];
  return [...packages, ...uses].map(
    (what) => `${file}: ${what} is banned outside runtime/, use what runtime/ exports`,
  );
};

const keepsVitestToTests: Rule = ({ file, text }) =>
  isTest(file) || roomOf(file) === "vitest"
    ? []
    : importsOf(text)
        .filter((specifier) => specifier === "vitest" || specifier === "fast-check")
        .map(
          (specifier) =>
            `${file}: ${specifier} is banned outside tests, use a *.test.ts file or test-support/`,
        );

const staysShort: Rule = ({ file, text }) => {
  const lines = text.trimEnd().split("\n").length;
  return lines > MOST_LINES
    ? [
        `${file}: ${lines} lines is banned, use several files of at most ${MOST_LINES}, named after what they do`,
      ]
    : [];
};

const exportsByName: Rule = ({ file, text }) =>
  /^export default\b|\bas default\b/m.test(codeOf(text, { strings: "blank" }))
    ? [`${file}: a default export is banned, use a named one`]
    : [];

const writesOutExtensions: Rule = ({ file, text }) =>
  importsOf(text)
    .filter((specifier) => specifier.startsWith(".") && !/\.(?:ts|json)$/.test(specifier))
    .map((specifier) => `${file}: the import ${specifier} is banned, use the file's own name, with .ts`);

const RULES: Readonly<Record<string, (rooms: readonly string[]) => Rule>> = {
  importsOnlyRoomsAbove,
  setsNoTimers: () => setsNoTimers,
  leavesTheEngineToRuntime: () => leavesTheEngineToRuntime,
  keepsVitestToTests: () => keepsVitestToTests,
  staysShort: () => staysShort,
  exportsByName: () => exportsByName,
  writesOutExtensions: () => writesOutExtensions,
};

describe("the house", () => {
  it.each(Object.entries(RULES))("%s", async (_, rule) => {
    const check = rule(await readRooms());
    const sources = await readSources();
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap(check)).toEqual([]);
  });

  it("has every room of docs/architecture.md in this order", async () => {
    expect((await readRooms()).join(" → ")).toBe(
      "errors → shared → definition → schedule → plan → timeline → wire → runtime → platform → azure → dapr → twin → lint → faults → contracts → diagnosis → site → pacts → lab → vitest → cli",
    );
  });

  it("documents every error code in docs/errors.md, once, and no other", async () => {
    const errors = await readFile(path.join(DOCS, "errors.md"), "utf8");
    const documented = [...errors.matchAll(/^### `([A-Z_]+)`$/gm)].map(([, code = ""]) => code);
    expect(documented.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  it("documents of every error code what it means, an example and the remedy", async () => {
    const errors = await readFile(path.join(DOCS, "errors.md"), "utf8");
    const sections = errors.split(/^### /m).slice(1);
    const complete = sections.filter((section) => /^`([A-Z_]+)`\n\n\S[^]*\n\1: [^]*\nFix: \S/.test(section));
    expect(sections.filter((section) => !complete.includes(section))).toEqual([]);
  });
});

describe("each rule finds what it forbids", () => {
  it.each([
    [
      "importsOnlyRoomsAbove",
      "plan/x.ts",
      'import { a } from "../runtime/a.ts";',
      "plan/ stands above runtime/",
    ],
    [
      "importsOnlyRoomsAbove",
      "plan/x.ts",
      'import type {\n  A,\n} from "../site/a.ts";',
      "plan/ stands above site/",
    ],
    [
      "importsOnlyRoomsAbove",
      "plan/a/x.ts",
      'export { a } from "../../cli/a.ts";',
      "plan/ stands above cli/",
    ],
    [
      "importsOnlyRoomsAbove",
      "plan/x.ts",
      'type A = import("../azure/a.ts").A;',
      "plan/ stands above azure/",
    ],
    ["importsOnlyRoomsAbove", "plan/x.test.ts", 'import "../cli/a.ts";', "plan/ stands above cli/"],
    [
      "importsOnlyRoomsAbove",
      "shared/x.ts",
      'import { a } from "../plan/a.ts";',
      "shared/ stands above plan/",
    ],
    ["importsOnlyRoomsAbove", "plan/x.ts", 'import { a } from "../index.ts";', "use the room it comes from"],
    ["importsOnlyRoomsAbove", "cellar/x.ts", "", "the room cellar/ is not in docs/architecture.md"],
    ["setsNoTimers", "plan/x.ts", "setTimeout(() => undefined, 1);", "setTimeout is banned"],
    ["setsNoTimers", "plan/x.ts", "globalThis.setInterval(f, 1);", "setInterval is banned"],
    [
      "setsNoTimers",
      "plan/x.ts",
      "fetch(url, { signal: AbortSignal.timeout(1) });",
      "AbortSignal.timeout is banned",
    ],
    [
      "setsNoTimers",
      "plan/x.ts",
      'import { setTimeout as sleep } from "node:timers/promises";',
      "timers/promises is banned",
    ],
    [
      "leavesTheEngineToRuntime",
      "site/x.ts",
      'import type Dockerode from "dockerode";',
      "dockerode is banned",
    ],
    [
      "leavesTheEngineToRuntime",
      "site/x.ts",
      'import { Wait } from "testcontainers";',
      "testcontainers is banned",
    ],
    ["leavesTheEngineToRuntime", "site/x.ts", "await engine.docker.ping();", "Engine.docker is banned"],
    ["keepsVitestToTests", "site/x.ts", 'import { expect } from "vitest";', "vitest is banned outside tests"],
    ["staysShort", "site/x.ts", "a;\n".repeat(MOST_LINES + 1), "301 lines is banned"],
    ["exportsByName", "site/x.ts", "export default 5;", "a default export is banned"],
    ["writesOutExtensions", "site/x.ts", 'import { a } from "./a.js";', "the import ./a.js is banned"],
  ])("%s in %s, sample %#", async (name, file, text, expected) => {
    const found = RULES[name]?.(await readRooms())({ file, text }) ?? [];
    expect(found).toContainEqual(expect.stringContaining(expected));
  });

  it.each([
    ["importsOnlyRoomsAbove", "site/x.ts", 'import { a } from "../plan/a.ts";'],
    ["importsOnlyRoomsAbove", "definition/x.ts", 'import { a } from "../errors/index.ts";\nimport "./b.ts";'],
    ["setsNoTimers", "plan/x.ts", '// setTimeout\nconst text = "setTimeout"; /* setInterval */'],
    ["setsNoTimers", "shared/clock.ts", "setTimeout(() => undefined, 1);"],
    ["leavesTheEngineToRuntime", "runtime/x.ts", 'import Dockerode from "dockerode";'],
    ["keepsVitestToTests", "site/x.test.ts", 'import { expect } from "vitest";'],
    ["staysShort", "site/x.ts", "a;\n".repeat(MOST_LINES)],
  ])("%s allows in %s, sample %#", async (name, file, text) => {
    expect(RULES[name]?.(await readRooms())({ file, text })).toEqual([]);
  });
});
