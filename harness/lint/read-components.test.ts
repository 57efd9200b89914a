import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { splitDocuments } from "../dapr/component-files.ts";
import { lintedComponentFile, readComponents } from "./read-components.ts";

const COMPONENT = "apiVersion: dapr.io/v1alpha1\nkind: Component\n";

let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-components-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe("readComponents", () => {
  it("takes a folder with everything that looks like a component file, and says what daprd passes over", async () => {
    const folder = path.join(directory, "all");
    await mkdir(path.join(folder, "more"), { recursive: true });
    await mkdir(path.join(folder, "node_modules"));
    for (const name of ["b.yaml", "A.YML", "c.json", "notes.txt", "more/d.yaml", "node_modules/e.yaml"]) {
      await writeFile(path.join(folder, name), name === "notes.txt" ? "not a component" : COMPONENT);
    }
    await writeFile(path.join(folder, "g.yaml.bak"), COMPONENT);
    await symlink(path.join(folder, "b.yaml"), path.join(folder, "f.yaml"));
    await symlink(folder, path.join(folder, "circle"));
    const found = await readComponents(folder);
    expect(found.map(({ file, passedOver }) => [path.relative(folder, file.path), passedOver])).toEqual([
      ["A.YML", undefined],
      ["b.yaml", undefined],
      ["c.json", "extension"],
      ["f.yaml", undefined],
      ["g.yaml.bak", "extension"],
      ["more/d.yaml", "subfolder"],
    ]);
    expect(found.every((one) => one.folder === folder)).toBe(true);
  });

  it("takes a file that is named, whatever its name", async () => {
    const file = path.join(directory, "component.txt");
    await writeFile(file, COMPONENT);
    const [found, ...others] = await readComponents(file);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ file: { path: file }, passedOver: "extension" });
    expect(found).not.toHaveProperty("folder");
  });

  it("says where a file that is not there is named", async () => {
    const place = { file: "/x/sitecar.json", line: 3, column: 5, lineText: '    "none.yaml"' };
    await expect(readComponents(path.join(directory, "none.yaml"), place)).rejects.toMatchObject({
      code: "FILE_NOT_READABLE",
      observations: [{ label: "named at", value: expect.stringContaining("/x/sitecar.json:3:5") }],
    });
  });
});

describe("lintedComponentFile", () => {
  it("keeps the place of what stands in every document", () => {
    const text = "---\r\nkind: A\r\n---\n# nothing\n--- # third\nmetadata:\n  name: two\n";
    const found = lintedComponentFile("/c.yaml", Buffer.from(text));
    expect(found.documents.map(({ number }) => number)).toEqual([1, 3]);
    const [first, third] = found.documents;
    expect(first?.placeAt(first.text.indexOf("A"))).toEqual({
      file: "/c.yaml",
      line: 2,
      column: 7,
      lineText: "kind: A",
    });
    const name = third?.yaml?.getIn(["metadata", "name"], true);
    expect(name).toMatchObject({ value: "two" });
    expect(third?.placeAt((name as { range: [number] }).range[0])).toEqual({
      file: "/c.yaml",
      line: 7,
      column: 9,
      lineText: "  name: two",
    });
  });

  it("reads YAML 1.1, with faults kept and a doubled key none", () => {
    const { documents } = lintedComponentFile("/c.yaml", Buffer.from("a: no\na: yes\n---\nb: [\n"));
    expect(documents[0]?.yaml?.toJS()).toEqual({ a: true });
    expect(documents[0]?.yaml?.errors).toEqual([]);
    expect(documents[1]?.yaml?.errors).toHaveLength(1);
  });

  it("survives what is nested too deep to be parsed", () => {
    const found = lintedComponentFile("/c.yaml", Buffer.from("[".repeat(50_000)));
    expect(found.documents).toHaveLength(1);
    expect(found.file.problems).toHaveLength(1);
  });

  it("divides any text without losing a character of a document or its place", () => {
    const piece = fc.constantFrom("---", "\n", "\r\n", "a: 1", "# c", " ", "--- x", "-", "\uFEFF", "é");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join("");
        let before = 0;
        for (const { number, text: part, offset } of splitDocuments(text)) {
          expect(number).toBeGreaterThan(before);
          expect(text.slice(offset, offset + part.length)).toBe(part);
          expect(part).not.toMatch(/\n---/);
          before = number;
        }
        const naive = text.replace(/^---[^\n]*/, "").split(/\n---[^\n]*/);
        // A divider that goes on and does not end takes the document before it away.
        if (/\n---[^\n]+$/.test(text)) naive.splice(-2, 1);
        expect(splitDocuments(text).map(({ text: part }) => part)).toEqual(
          naive.filter((part) => part.replaceAll(/^\s*#.*$/gm, "").trim() !== ""),
        );
      }),
    );
  });
});
