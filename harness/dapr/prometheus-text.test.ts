import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parsePrometheusText } from "./prometheus-text.ts";

test("a page of the real daprd is read to its last line", async () => {
  const page = await readFile(new URL("test-support/metrics-after-tick.txt", import.meta.url), "utf8");
  const samples = parsePrometheusText(page);

  expect(samples).toHaveLength(
    page.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length,
  );
  expect(samples).toContainEqual({
    name: "dapr_component_input_binding_count",
    labels: { app_id: "lab", component: "accepted", namespace: "", success: "false" },
    value: 1,
  });
});

test.each([
  ["a 1", { name: "a", labels: {}, value: 1 }],
  ["a{} 1.5e-07", { name: "a", labels: {}, value: 1.5e-7 }],
  ["a:b_1 -3 1395066363000", { name: "a:b_1", labels: {}, value: -3 }],
  ['a{x="1",y="",} .5', { name: "a", labels: { x: "1", y: "" }, value: 0.5 }],
  [
    'a{p="/a b/x?y={1},\\"q\\"\\\\ \\n"} +Inf',
    { name: "a", labels: { p: '/a b/x?y={1},"q"\\ \n' }, value: Infinity },
  ],
  ["a -Inf", { name: "a", labels: {}, value: -Infinity }],
])("%j is a sample", (line, sample) => {
  expect(parsePrometheusText(`# HELP a text\n\n${line}\n`)).toEqual([sample]);
});

test("NaN is a value", () => {
  expect(parsePrometheusText("a NaN")[0]?.value).toBeNaN();
});

test.each([
  "a",
  "1a 1",
  "a 1 2 3",
  "a one",
  'a{x="1" 1',
  "a{x=1} 1",
  'a{x="1"y="2"} 1',
  'a{x="\\t"} 1',
  "<html>",
  "a 0x10",
])("%j is refused, with its line", (line) => {
  expect(() => parsePrometheusText(`ok 1\n${line}`)).toThrow(/^line 2 is not/);
});
