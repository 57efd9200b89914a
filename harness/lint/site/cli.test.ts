import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Origins } from "../../definition/origins.ts";
import { SiteFiles } from "../../definition/test-support/site-files.ts";
import { lint } from "../lint.ts";
import { lintedFile } from "../linted-file.ts";
import { loadContext } from "../load-context.ts";
import { contextOf } from "../test-support/context-of.ts";
import { found } from "../test-support/found.ts";
import { composeKeyIgnored } from "./compose-key-ignored.ts";
import { inheritDroppedByCli } from "./inherit-dropped-by-cli.ts";
import { resetByCliUpdate } from "./reset-by-cli-update.ts";
import { skippedByCli } from "./skipped-by-cli.ts";

const JSON_FILE = { name: "sitecontainers.json" };
const spec = (...containers: readonly (readonly [string, Readonly<Record<string, unknown>>])[]): string =>
  JSON.stringify(
    containers.map(([name, properties]) => ({ name, properties: { image: "a", ...properties } })),
    undefined,
    1,
  );

describe("SC021 inherit-dropped-by-cli", () => {
  const text = spec(
    ["main", { isMain: true, inheritAppSettingsAndConnectionStrings: true }],
    ["a", { inheritAppSettingsAndConnectionStrings: false }],
  );

  it("finds false in a spec file, which the CLI makes true", () => {
    expect(found(inheritDroppedByCli, text, JSON_FILE)).toEqual([
      '14:46 the Azure CLI drops this key of a spec file: "a" will inherit every app setting and connection string.',
    ]);
  });

  it("says nothing of a site file, which nobody gives to the CLI", () => {
    expect(found(inheritDroppedByCli, `{ "siteContainers": ${text} }`)).toEqual([]);
  });

  it("says nothing of what Azure lists, which is so already", () => {
    const listed = text.replaceAll('"name"', '"id": "/subscriptions/0/x",\n  "name"');
    expect(found(inheritDroppedByCli, listed, JSON_FILE)).toEqual([]);
  });
});

describe("SC022 skipped-by-cli", () => {
  it.each([
    [
      "a second main",
      spec(["main", { isMain: true }], ["b", { isMain: true }]),
      '"b" and still succeeds: "main" is main already',
    ],
    [
      "a port twice",
      spec(["main", { isMain: true, targetPort: "80" }], ["b", { targetPort: "80" }]),
      '"b" and still succeeds: "main" has its port 80 already',
    ],
  ])("finds %s", (_, text, message) => {
    expect(found(skippedByCli, text, JSON_FILE)).toEqual([expect.stringContaining(`skips ${message}.`)]);
  });

  it.each([
    ["a good file", spec(["main", { isMain: true, targetPort: "80" }], ["b", { targetPort: "81" }])],
    [
      "a number that no text is equal to",
      spec(["main", { isMain: true, targetPort: "80" }], ["b", { targetPort: 80 }]),
    ],
    [
      "references to app settings that are not given",
      spec(["main", { environmentVariables: [{ name: "A", value: "b" }] }]),
    ],
  ])("says nothing of %s", (_, text) => {
    expect(found(skippedByCli, text, JSON_FILE)).toEqual([]);
  });

  it("compares a later container only with those that were created", () => {
    const text = spec(
      ["main", { isMain: true, targetPort: "80" }],
      ["b", { isMain: true, targetPort: "81" }],
      ["c", { targetPort: "81" }],
    );
    expect(found(skippedByCli, text, JSON_FILE)).toEqual([expect.stringContaining('skips "b"')]);
  });

  it("finds a literal and an identity, when settings and identity are known", () => {
    const context = contextOf(
      spec(
        ["main", { environmentVariables: [{ name: "A", value: "b" }] }],
        ["b", { authType: "SystemIdentity" }],
      ),
      JSON_FILE,
    );
    const site = context.site;
    if (site === undefined) throw new TypeError("no site");
    const origins = new Origins();
    for (const name of ["main", "b"]) {
      const place = site.origins.of("siteContainers", name);
      if (place !== undefined) origins.set(["siteContainers", name], place);
    }
    const other = { file: "/site/other.json", line: 1, column: 1, lineText: "" };
    origins.set(["appSettings"], other);
    origins.set(["identity"], other);
    const { findings } = lint({ ...context, site: { ...site, origins } }, { rules: [skippedByCli] });
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'skips "main" and still succeeds: the value of A is not the name of an app setting.',
      ),
      expect.stringContaining(
        'skips "b" and still succeeds: it is pulled by the system-assigned identity, which the site has not.',
      ),
    ]);
  });
});

const listed = (properties: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([
    { id: "/subscriptions/0/x", name: "main", type: "Microsoft.Web/sites/sitecontainers", ...properties },
  ]);

describe("SC035 reset-by-cli-update", () => {
  it("finds what Azure has lost, flat or nested as the CLI's version prints it", () => {
    const context = contextOf(
      spec(["main", { isMain: true, targetPort: "8080", startUpCommand: "run" }]),
      JSON_FILE,
    );
    for (const text of [
      listed({ isMain: true, targetPort: null, startUpCommand: "run" }),
      listed({ properties: { isMain: true, targetPort: null, startUpCommand: "run" } }),
    ]) {
      const files = [...(context.files ?? []), lintedFile("/site/list.json", text)];
      const { findings } = lint({ ...context, files }, { rules: [resetByCliUpdate] });
      expect(findings.map(({ message, place }) => `${place.file} ${message}`)).toEqual([
        '/site/list.json "main" has no targetPort on Azure, but "8080" at /site/sitecontainers.json:7:18.',
      ]);
    }
  });

  it("says nothing where Azure has it, or no other file states it", () => {
    const context = contextOf(spec(["main", { isMain: true, targetPort: "8080" }]), JSON_FILE);
    const files = [
      ...(context.files ?? []),
      lintedFile("/site/list.json", listed({ targetPort: "8080", startUpCommand: null })),
    ];
    expect(lint({ ...context, files }, { rules: [resetByCliUpdate] }).findings).toEqual([]);
  });
});

describe("SC033 compose-key-ignored", () => {
  let files: SiteFiles;

  beforeEach(async () => {
    files = await SiteFiles.create();
  });

  afterEach(async () => {
    await files[Symbol.asyncDispose]();
  });

  async function foundIn(text: string): Promise<string[]> {
    const context = await loadContext({ files: [await files.put("compose.yaml", text)] });
    return lint(context, { rules: [composeKeyIgnored] }).findings.map(
      ({ place, severity, message }) => `${place.line}:${place.column} ${severity} ${message}`,
    );
  }

  it("finds keys that no site container has, and what is chosen", async () => {
    const text = `services:
  web:
    image: shop/web:1
    ports: ["80:80", "443:443"]
    restart: always
    x-note: mine
    depends_on: [db]
  db:
    image: mysql:8
    ports: ["3306:3306"]
    healthcheck: { test: [CMD, ping] }
`;
    expect(await foundIn(text)).toEqual([
      '2:3 note The services: several services have ports; the conversion makes the first, "web", main.',
      '4:22 note "ports[1]" of "web" is passed over: a site container has one targetPort.',
      '7:5 warning "depends_on" of "web" is passed over by the conversion to site containers.',
      '11:5 warning "healthcheck" of "db" is passed over by the conversion to site containers.',
    ]);
  });

  it("notes that variables are put in, which the CLI does not do", async () => {
    const text = "services:\n  web:\n    image: ${IMAGE:-shop/web:1}\n    ports: [80:80]\n";
    expect(await foundIn(text)).toEqual([
      expect.stringMatching(
        /^3:12 note services\.web\.image: has variables, which the Azure CLI's conversion leaves/,
      ),
    ]);
  });

  it("says nothing of what is converted, or harmless", async () => {
    const text =
      "services:\n  web:\n    image: a\n    ports: [80:80]\n    labels: [a=b]\n    container_name: x\n";
    expect(await foundIn(text)).toEqual([]);
  });
});
