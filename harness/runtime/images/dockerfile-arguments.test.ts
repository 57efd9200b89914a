import { expect, test } from "vitest";
import { imageArguments } from "./dockerfile-arguments.ts";

test("imageArguments reads the upstream images, and only before the first FROM", () => {
  const dockerfile = [
    "# syntax of any kind",
    "ARG VERSION=1",
    "ARG NODE_IMAGE=node:24-bookworm-slim",
    'arg DAPRD_IMAGE="daprio/daprd:1.18.2"',
    "ARG WITHOUT_DEFAULT_IMAGE",
    "FROM ${NODE_IMAGE}",
    "ARG LATER_IMAGE=x",
  ].join("\n");
  expect(imageArguments(dockerfile)).toEqual([
    { name: "NODE_IMAGE", upstream: "node:24-bookworm-slim" },
    { name: "DAPRD_IMAGE", upstream: "daprio/daprd:1.18.2" },
  ]);
});
