import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { site } from "../plan/test-support/small-definition.ts";
import { checkHostTime, checkReplaceable } from "./virtual-host.ts";

let context: string;
beforeAll(async () => {
  context = await mkdtemp(path.join(tmpdir(), "sitecar-virtual-host-"));
  await writeFile(path.join(context, "with"), "ARG DAPRD_IMAGE=daprio/daprd:1.14.4\nFROM ${DAPRD_IMAGE}\n");
  await writeFile(
    path.join(context, "without"),
    "ARG NODE_IMAGE=node:24-bookworm-slim\nFROM daprio/daprd:1.18.2\n",
  );
});
afterAll(() => rm(context, { recursive: true }));

function built(dockerfile: string): SiteDefinition {
  return site({ builds: { "shop/dapr:1": { context, dockerfile, include: [] } } });
}

test("a daprd can be replaced where it is Dapr's own image, or is built from it as an argument", async () => {
  const own = site({ dapr: { image: "daprio/daprd:1.18.2" } });
  await expect(checkReplaceable([own, built("with")])).resolves.toBeUndefined();
  await expect(
    checkReplaceable([site()], { dapr: "docker.io/daprio/daprd:1.17.0" }),
  ).resolves.toBeUndefined();
  await expect(checkReplaceable([site({ daprSidecars: [] })])).resolves.toBeUndefined();
});

test.each([
  ["an image of one's own", () => site(), "shop/dapr:1"],
  ["no released version", () => site({ dapr: { image: "daprio/daprd:latest" } }), "daprio/daprd:latest"],
  ["a Dockerfile that names it by itself", () => built("without"), "without takes: node:24-bookworm-slim"],
])("%s is refused, with what to do", async (_, definition, told) => {
  await expect(checkReplaceable([definition()])).rejects.toMatchObject({
    code: "VIRTUAL_TIME_NOT_POSSIBLE",
    message: expect.stringContaining(told),
    remedy: expect.stringContaining("ARG DAPRD_IMAGE=daprio/daprd:<version>"),
  });
});

test("a host is of the one kind or of the other", () => {
  checkHostTime({ virtualTime: true }, true);
  checkHostTime({ virtualTime: false }, false);
  expect(() => checkHostTime({ virtualTime: false }, true)).toThrow(/USAGE.*\n.*virtualTime: true/);
  expect(() => checkHostTime({ virtualTime: true }, false)).toThrow(/USAGE.*\n.*virtualTime: false/);
});
