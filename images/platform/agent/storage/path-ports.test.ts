import { expect, test } from "vitest";
import { PATH_PORTS } from "./path-ports.ts";

/** Linux' own default; daprd's range begins above it, at 47300 (daprd.md §6). */
const FIRST_EPHEMERAL = 32_768;

test("no part of the way to storage listens where daprd may choose its internal port, or the kernel a client's", () => {
  const ports = Object.values(PATH_PORTS);
  expect(ports.filter((port) => port >= FIRST_EPHEMERAL)).toEqual([]);
  expect(new Set(ports).size).toBe(ports.length);
});
