import * as fc from "fast-check";
import { expect, test } from "vitest";
import { identityValues } from "./identity-values.ts";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("two different GUIDs at App Service's address (A6.1)", () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const { address, port, ...ids } = identityValues(seed);
      expect([address, port]).toEqual(["169.254.129.2", 8081]);
      const values = Object.values(ids);
      expect(new Set(values).size).toBe(2);
      for (const value of values) expect(value).toMatch(GUID);
    }),
  );
});

test("the same seed gives the same values, no seed others each time", () => {
  expect(identityValues("a")).toEqual(identityValues("a"));
  expect(identityValues("a")).not.toEqual(identityValues("b"));
  expect(identityValues().header).not.toBe(identityValues().header);
});
