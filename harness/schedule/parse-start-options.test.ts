import { describe, expect, it } from "vitest";

import { parseStartOptions } from "./parse-start-options.ts";

describe("parseStartOptions", () => {
  it("reads durations and never", () => {
    expect(parseStartOptions(["dapr=12s", "main=never", "storage=800ms"])).toEqual({
      dapr: 12_000,
      main: "never",
      storage: 800,
    });
  });

  it("is nothing without options", () => {
    expect(parseStartOptions([])).toBeUndefined();
  });

  it.each(["dapr", "dapr=", "=12s", "dapr=12", "dapr=soon", "dapr=-1s", ""])("refuses %j", (option) => {
    expect(() => parseStartOptions([option])).toThrowError(/^USAGE: .*is no start option/);
  });

  it("refuses a container given twice", () => {
    expect(() => parseStartOptions(["dapr=1s", "dapr=2s"])).toThrowError(/^SCHEDULE_INVALID: .*twice/);
  });
});
