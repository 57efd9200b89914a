import { describe, expect, it } from "vitest";

import { guid, uniqueString } from "./hashes.ts";

describe("uniqueString", () => {
  // As published: from Azure's expression library, Azure's provider for Terraform and users' deployments.
  it.each([
    [["test"], "rbgf3xv4ufgzg"],
    [["tyeth"], "zcztcwvu6iyg6"],
    [["hello", "world"], "a7wkljktk6wne"],
    [["abc"], "cgtzqvhu4i23s"],
    [["foo", "bar", "baz"], "xzi4ioaxtmth4"],
    [["/subscriptions/00000000-0000-0000-0000-000000000000", "resource-id"], "cwvxuqg24sifi"],
    [["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-rg"], "bmg7c6xu4tw46"],
  ])("of %j is %s", (parts, expected) => {
    expect(uniqueString(parts)).toBe(expected);
  });

  it("has 13 letters of base 32 for every length of input", () => {
    const hashes = Array.from({ length: 40 }, (_, length) => uniqueString(["é".repeat(length)]));
    expect(hashes.filter((hash) => !/^[a-z2-7]{13}$/.test(hash))).toEqual([]);
    expect(new Set(hashes).size).toBe(40);
  });
});

describe("guid", () => {
  it("is the name-based UUID of the parts joined by hyphens", () => {
    // Python: uuid.uuid5(uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830"), "a-b-c")
    expect(guid(["a", "b", "c"])).toBe("a98fa280-e03f-5afa-8d8e-92d0a9c201e8");
    expect(guid(["a-b", "c"])).toBe(guid(["a", "b", "c"]));
  });
});
