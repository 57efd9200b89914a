import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDaprMetrics } from "./metrics-text.ts";

const captured = readFileSync(new URL("test-support/daprd-1.18.2-metrics.txt", import.meta.url), "utf8");

describe("daprd's metrics", () => {
  test("as daprd 1.18.2 prints them after six ticks, one of them failed", () => {
    expect(parseDaprMetrics(captured)).toEqual({
      startedAt: 1_795_452_502.25,
      deliveries: [
        { component: "batch", success: false, count: 1, latencySumMs: 22.566862 },
        { component: "batch", success: true, count: 5, latencySumMs: 117.951981 },
      ],
      componentsMark:
        'dapr_runtime_component_loaded{app_id="x"} 1\ndapr_runtime_component_init_total{app_id="x",component="bindings.cron"} 1',
    });
  });

  test("before the first tick there are no deliveries", () => {
    expect(parseDaprMetrics("go_threads 7\n")).toEqual({
      startedAt: null,
      deliveries: [],
      componentsMark: "",
    });
  });

  test("label values are unescaped and series that differ in other labels are added", () => {
    const text = [
      String.raw`dapr_component_input_binding_count{app_id="a",component="b\"\\c",success="true"} 2`,
      String.raw`dapr_component_input_binding_count{app_id="z",component="b\"\\c",success="true"} 3`,
    ].join("\n");
    expect(parseDaprMetrics(text).deliveries).toEqual([
      { component: String.raw`b"\c`, success: true, count: 5, latencySumMs: null },
    ]);
  });

  test.each([
    'dapr_component_input_binding_count{success="true"} many',
    "dapr_component_input_binding_count{x} 1",
    'dapr_component_input_binding_count{success="true"}',
  ])("a line that is no metric is an error that shows it: %s", (line) => {
    expect(() => parseDaprMetrics(line)).toThrow(JSON.stringify(line));
  });
});
