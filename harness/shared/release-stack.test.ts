import { expect, test } from "vitest";
import { SitecarError } from "../errors/index.ts";
import { ReleaseStack } from "./release-stack.ts";

test("releases in reverse order, once", async () => {
  const order: string[] = [];
  const stack = new ReleaseStack();
  stack.defer("first", () => void order.push("first"));
  stack.defer("second", async () => void order.push("second"));
  await Promise.all([stack[Symbol.asyncDispose](), stack[Symbol.asyncDispose]()]);
  await stack[Symbol.asyncDispose]();
  expect(order).toEqual(["second", "first"]);
});

test("goes on after a failure, and the first failure is the cause", async () => {
  const order: string[] = [];
  const stack = new ReleaseStack();
  stack.defer("network", () => void order.push("network"));
  stack.defer("platform", () => {
    throw new Error("platform stuck");
  });
  stack.defer("main", () => {
    throw new Error("main stuck");
  });
  const error: unknown = await stack[Symbol.asyncDispose]().catch((thrown: unknown) => thrown);
  expect(order).toEqual(["network"]);
  expect(error).toBeInstanceOf(SitecarError);
  expect(error).toMatchObject({ code: "CLEANUP_FAILED", cause: { message: "main stuck" } });
  expect((error as SitecarError).observations).toEqual([
    { label: "main", value: "main stuck" },
    { label: "platform", value: "platform stuck" },
  ]);
});
