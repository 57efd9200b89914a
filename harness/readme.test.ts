import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.join(import.meta.dirname, "..");

/** What a user of the package writes where this repository imports its own source. */
const PUBLIC_NAMES: Readonly<Record<string, string>> = {
  "../harness/index.ts": "sitecar",
  "../harness/vitest/index.ts": "sitecar/vitest",
};

async function read(file: string): Promise<string> {
  return await readFile(path.join(ROOT, file), "utf8");
}

function snippets(markdown: string, language: string): readonly string[] {
  const found = markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"));
  return [...found].map(([, code = ""]) => code);
}

describe("README.md", () => {
  it("shows scenarios/readme.scenario.ts, as a user of the package writes it", async () => {
    let scenario = await read("scenarios/readme.scenario.ts");
    scenario = scenario.replace(/^\/\/.*\n\n/m, "");
    for (const [source, name] of Object.entries(PUBLIC_NAMES)) scenario = scenario.replace(source, name);
    expect(snippets(await read("README.md"), "ts")).toEqual([scenario]);
  });

  it("names only commands that package.json has", async () => {
    const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
      await read("package.json"),
    );
    const documents = await Promise.all(
      ["README.md", "docs/development.md", "docs/performance.md"].map(read),
    );
    const named = documents.flatMap((text) => [
      ...[...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name),
      ...[...text.matchAll(/npm (start|test)\b/g)].map(([, name = ""]) => name),
    ]);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it("links only to files that are there", async () => {
    const files = ["README.md", "docs/development.md", "docs/performance.md"];
    const links = await Promise.all(
      files.map(async (file) =>
        [...(await read(file)).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = ""]) =>
          path.join(path.dirname(file), link),
        ),
      ),
    );
    expect(links.flat().length).toBeGreaterThan(5);
    const missing = await Promise.all(
      links.flat().map(async (link) => ((await exists(path.join(ROOT, link))) ? [] : [link])),
    );
    expect(missing.flat()).toEqual([]);
  });
});

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
