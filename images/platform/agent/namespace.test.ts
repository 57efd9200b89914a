import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareNamespace } from "./namespace.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "namespace-"));
  await writeFile(
    join(folder, "ip"),
    `#!/bin/sh\necho "$@" > ${folder}/arguments\ncat > ${folder}/commands\n`,
  );
  await chmod(join(folder, "ip"), 0o755);
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("the addresses are added and the metadata address taken away, in one call", async () => {
  await prepareNamespace(["169.254.129.2", "169.254.129.4"]);
  expect(await readFile(join(folder, "arguments"), "utf8")).toBe("-batch -\n");
  expect(await readFile(join(folder, "commands"), "utf8")).toBe(
    "address replace 169.254.129.2/32 dev lo\naddress replace 169.254.129.4/32 dev lo\nroute replace unreachable 169.254.169.254/32\n",
  );
});

test("without any the metadata address is taken away all the same", async () => {
  await prepareNamespace([]);
  expect(await readFile(join(folder, "commands"), "utf8")).toBe(
    "route replace unreachable 169.254.169.254/32\n",
  );
});
