import { describe, expect, test } from "vitest";
import { assertStorageAccountName, isStorageAccountName, storageHostName } from "./production-names.ts";

test("an account's services have the public cloud's host names", () => {
  expect(storageHostName("toshidasandboxstorage")).toBe("toshidasandboxstorage.blob.core.windows.net");
  expect(storageHostName("abc", "queue")).toBe("abc.queue.core.windows.net");
});

describe("account names", () => {
  test.each(["abc", "a1b2c3", "a".repeat(24), "000"])("%s is allowed", (name) => {
    expect(isStorageAccountName(name)).toBe(true);
    expect(() => assertStorageAccountName(name)).not.toThrow();
  });

  test.each(["", "ab", "a".repeat(25), "Abc", "a-b", "a.b", "a_b", "äbc", "abc\n"])(
    "%j is refused",
    (name) => {
      expect(isStorageAccountName(name)).toBe(false);
      expect(() => assertStorageAccountName(name)).toThrow(/SPEC_INVALID.*\n?.*3 to 24|SPEC_INVALID/);
    },
  );
});
