import { describe, expect, it } from "vitest";

import { didYouMean, nearest } from "./nearest.ts";

describe("nearest", () => {
  const candidates = ["image", "isMain", "targetPort", "startUpCommand"];

  it.each([
    ["imge", "image"],
    ["TARGETPORT", "targetPort"],
    ["target_port", "targetPort"],
    ["isMian", "isMain"],
    ["startupCommandd", "startUpCommand"],
  ])("of %j is %j", (name, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });

  it.each(["", "xyz", "volumes", "a".repeat(5000)])("of %j is none", (name) => {
    expect(nearest(name, candidates)).toBeUndefined();
  });

  it("is put as a question, or nothing", () => {
    expect(didYouMean("imge", candidates)).toBe(' Did you mean "image"?');
    expect(didYouMean("xyz", candidates)).toBe("");
  });
});
