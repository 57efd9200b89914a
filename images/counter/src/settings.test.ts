import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";

const ENVIRONMENT = { PORT: "3000", REDIS_URL: "redis://127.0.0.1:6379" };

describe("the counter's settings", () => {
  it("are read", () => {
    expect(readSettings(ENVIRONMENT)).toEqual({
      port: 3000,
      cacheUrl: "redis://127.0.0.1:6379",
      cacheRequired: false,
    });
    expect(readSettings({ ...ENVIRONMENT, CACHE_REQUIRED: "true" }).cacheRequired).toBe(true);
  });

  // What a literal in environmentVariables becomes (A1.12).
  it.each(["PORT", "REDIS_URL"])("without a %s are refused", (name) => {
    expect(() => readSettings({ ...ENVIRONMENT, [name]: "" })).toThrow(`${name} must be`);
  });
});
