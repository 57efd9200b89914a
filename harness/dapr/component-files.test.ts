import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import {
  bindingRoute,
  cronIntervalMs,
  isComponentFileName,
  isInputBinding,
  readComponentFile,
  type ComponentFile,
  type DaprComponent,
} from "./component-files.ts";

const read = (text: string): ComponentFile => readComponentFile("/c/x.yaml", Buffer.from(text));

function component(type: string, metadata: Record<string, string>, name = "it"): DaprComponent {
  return { name, type, version: "v1", metadata, scopes: [], ignoreErrors: false, path: "/c/x.yaml" };
}

const document = (name: string, extra = ""): string =>
  `apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: bindings.cron\n  version: v1\n${extra}`;

test("the deployed files are read, with the digest of their bytes", async () => {
  const bytes = await readFile(new URL("../../fixtures/components/batch.yaml", import.meta.url));
  const file = readComponentFile("/root/.dapr/components/batch.yaml", bytes);

  expect(file.problems).toEqual([]);
  expect(file.components).toEqual([
    {
      name: "batch",
      type: "bindings.cron",
      version: "v1",
      metadata: { schedule: "@every 10s", direction: "input", route: "/.internal/batch" },
      scopes: [],
      ignoreErrors: false,
      path: "/root/.dapr/components/batch.yaml",
    },
  ]);
  const [batch] = file.components;
  expect(batch && cronIntervalMs(batch)).toBe(10_000);
  expect(readComponentFile("x", Buffer.from("abc")).sha256).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("one byte more is another digest", () => {
  expect(read(document("a")).sha256).not.toBe(read(`${document("a")}\n`).sha256);
});

describe("documents", () => {
  test("each one stands for itself: a broken one is reported, the others are read", () => {
    const file = read(`${document("first")}---\nkind: [broken\n---\n${document("third")}`);
    expect(file.components.map(({ name }) => name)).toEqual(["first", "third"]);
    expect(file.problems).toEqual([{ document: 2, message: expect.stringContaining("Flow sequence") }]);
  });

  test("a leading separator, comments and empty documents are nothing", () => {
    const file = read(`---\n# deployed\n${document("only")}\n---\n# nothing\n---\n`);
    expect(file.components.map(({ name }) => name)).toEqual(["only"]);
    expect(file.problems).toEqual([]);
  });

  test("other resources are left to daprd", () => {
    expect(read("apiVersion: dapr.io/v2alpha1\nkind: Subscription\nmetadata:\n  name: s\n")).toMatchObject({
      components: [],
      problems: [],
    });
  });

  test.each([
    ["just text", "not a mapping, so no Dapr resource"],
    ["- a\n- b", "not a mapping, so no Dapr resource"],
    ["metadata:\n  name: x", "has no kind"],
    ["apiVersion: dapr.io/v1alpha1\nkind: Component\nspec:\n  type: a", "a component without metadata.name"],
    [
      "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: some",
      'component "some" without spec.type',
    ],
    ["a: b: c", expect.stringContaining("Nested mappings")],
  ])("%j is a problem, not an exception", (text, message) => {
    expect(read(text)).toMatchObject({ components: [], problems: [{ document: 1, message }] });
  });
});

test("metadata are strings as daprd reads them; references to secrets have no value here", () => {
  const extra = `  metadata:
  - {name: number, value: 10}
  - {name: truth, value: true}
  - {name: text, value: "@every 1s"}
  - name: secret
    secretKeyRef: {name: a, key: b}
  ignoreErrors: true
scopes: [main, other]
`;
  expect(read(document("x", extra)).components[0]).toMatchObject({
    metadata: { number: "10", truth: "true", text: "@every 1s" },
    scopes: ["main", "other"],
    ignoreErrors: true,
  });
  expect(read(document("x", extra)).components[0]?.metadata).not.toHaveProperty("secret");
});

test("words that YAML 1.1 takes for truth values become them, as in daprd", () => {
  expect(read(`${document("n")}---\n${document("yes")}`).components.map(({ name }) => name)).toEqual([
    "false",
    "true",
  ]);
});

test("what follows three dots is not read, as in daprd", () => {
  const file = read(`${document("first")}...\n${document("second")}`);
  expect(file.components.map(({ name }) => name)).toEqual(["first"]);
  expect(file.problems).toEqual([]);
});

test("dates and base-60 numbers stay text, as in daprd", () => {
  const names = ["12:30", "2020-01-01", "010"].map((name) => document(name));
  expect(read(names.join("---\n")).components.map(({ name }) => name)).toEqual(["12:30", "2020-01-01", "8"]);
});

test("a divider on a last line that does not end takes the document before it away, as in daprd", () => {
  const names = (text: string): string[] => read(text).components.map(({ name }) => name);
  expect(names(`${document("first")}---\n${document("second")}--- # end`)).toEqual(["first"]);
  expect(names(`${document("first")}--- # end\n`)).toEqual(["first"]);
  expect(names(`${document("first")}---`)).toEqual(["first"]);
});

test.each([
  [
    document("x").replace("type: bindings.cron", "metadata: {schedule: a}\n  type: t"),
    "spec.metadata is a mapping instead of a list",
  ],
  [document("x", '  ignoreErrors: "true"\n'), "spec.ignoreErrors is text instead of true or false"],
  [document("x", "scopes: main\n"), "scopes is text instead of a list"],
  [
    document("x", "  metadata:\n  - {name: a, secretKeyRef: b}\n"),
    "spec.metadata.0.secretKeyRef is text instead of a mapping",
  ],
  [document("x", "  Metadata: {a: b}\n"), "spec.Metadata is a mapping instead of a list"],
])("what daprd can't decode is a problem: %#", (text, message) => {
  expect(read(text)).toMatchObject({ components: [], problems: [{ document: 1, message }] });
});

test("what daprd decodes all the same is none", () => {
  const text = document("7", "  ignoreErrors:\n  initTimeout: 30\n  metadata:\nscopes:\nauth:\n");
  expect(read(text)).toMatchObject({ components: [{ name: "7" }], problems: [] });
});

test.each([
  ["bindings.cron", {}, "yes"],
  ["bindings.cron", { direction: "output" }, "no"],
  ["bindings.cron", { Direction: "Output, INPUT" }, "yes"],
  ["bindings.azure.blobstorage", {}, "no"],
  ["bindings.kafka", {}, "unknown"],
  ["bindings.kafka", { direction: "input" }, "yes"],
  ["state.redis", { direction: "input" }, "no"],
])("%s with %j is an input binding: %s", (type, metadata, expected) => {
  expect(isInputBinding(component(type, metadata))).toBe(expected);
});

test("the route is the metadata's, in that spelling, or the name", () => {
  expect(bindingRoute(component("bindings.cron", { route: "/.internal/batch" }))).toBe("/.internal/batch");
  expect(bindingRoute(component("bindings.cron", { Route: "/other" }))).toBe("/it");
  expect(bindingRoute(component("bindings.cron", { route: "" }))).toBe("/it");
});

test("only an @every schedule has an interval", () => {
  const interval = (schedule: string): number | undefined =>
    cronIntervalMs(component("bindings.cron", { schedule }));
  expect(interval("@every 1m30s")).toBe(90_000);
  expect(interval("@hourly")).toBeUndefined();
  expect(interval("*/5 * * * * *")).toBeUndefined();
  expect(interval("@every soon")).toBeUndefined();
  expect(cronIntervalMs(component("bindings.kafka", { schedule: "@every 1s" }))).toBeUndefined();
});

test("daprd looks at YAML files only", () => {
  expect(["a.yaml", "b.YML", "c.yml"].every(isComponentFileName)).toBe(true);
  expect(["a.json", "yaml", "a.yaml.bak"].some(isComponentFileName)).toBe(false);
});
