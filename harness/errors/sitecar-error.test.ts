import { describe, expect, it } from "vitest";

import { ERROR_CODES, SitecarError, type ErrorCode } from "./index.ts";

describe("SitecarError", () => {
  it("says what happened, what was seen in aligned columns, and the remedy", () => {
    const error = new SitecarError("WARM_UP_TIMED_OUT", {
      message: "main gave no answer.",
      observations: [
        { label: "last probe", value: "ECONNREFUSED" },
        { label: "dapr", value: "exited (1)\nfatal: no storage\n" },
      ],
      remedy: "start storage earlier.",
    });
    expect(error.message).toBe(
      [
        "WARM_UP_TIMED_OUT: main gave no answer.",
        "  last probe   ECONNREFUSED",
        "  dapr         exited (1)",
        "               fatal: no storage",
        "Fix: start storage earlier.",
      ].join("\n"),
    );
    expect(error).toMatchObject({
      name: "SitecarError",
      code: "WARM_UP_TIMED_OUT",
      remedy: "start storage earlier.",
      observations: [{ label: "last probe" }, { label: "dapr" }],
    });
  });

  it("needs neither observations nor a cause", () => {
    const error = new SitecarError("USAGE", { message: "no.", remedy: "yes." });
    expect(error.message).toBe("USAGE: no.\nFix: yes.");
    expect(error.observations).toEqual([]);
    expect(error).not.toHaveProperty("cause");
  });

  it("keeps the first failure as its cause", () => {
    const cause = new Error("first");
    expect(new SitecarError("CLEANUP_FAILED", { message: "m", remedy: "r", cause }).cause).toBe(cause);
  });

  it.each(Object.keys(ERROR_CODES) as ErrorCode[])("knows whose fault %s is", (code) => {
    const { fault, meaning } = ERROR_CODES[code];
    expect(new SitecarError(code, { message: "m", remedy: "r" }).fault).toBe(fault);
    expect(meaning).toMatch(/^\S.*\.$/);
  });
});
