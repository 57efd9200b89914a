import * as fc from "fast-check";
import { expect, test } from "vitest";

import { routePattern } from "./route-pattern.ts";

test.for([
  ["/.internal/**", "/.internal/batch", true],
  ["/.internal/**", "/.internal/a/b", true],
  ["/.internal/**", "/.internal", true],
  ["/.internal/**", "/xinternal/batch", false],
  ["/.internal/**", "/.internals", false],
  ["/.internal/*", "/.internal/batch", true],
  ["/.internal/*", "/.internal/a/b", false],
  ["/v1.0/bindings/*", "/v1.0/bindings/blob", true],
  ["/v1.0/bindings/*", "/v1x0/bindings/blob", false],
  ["/**/batch", "/a/b/batch", true],
  ["/**", "/.internal/batch", true],
  ["/a(b)+", "/a(b)+", true],
  ["/a(b)+", "/abb", false],
] as const)("%s takes %s: %s", ([pattern, path, takes]) => {
  expect(routePattern(pattern)(path)).toBe(takes);
});

test("without stars a pattern takes itself and nothing else", () => {
  fc.assert(
    fc.property(
      fc.string().map((text) => text.replaceAll("*", "")),
      fc.string(),
      (pattern, other) => {
        expect(routePattern(pattern)(pattern)).toBe(true);
        expect(routePattern(pattern)(other)).toBe(other === pattern);
      },
    ),
  );
});
