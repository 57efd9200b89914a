import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NamespaceFiles } from "./namespace-files.ts";

test("are put back in place as they were; one that is not there is nobody's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "files-"));
  try {
    const [hosts, hostname] = [join(folder, "hosts"), join(folder, "hostname")];
    await writeFile(hosts, "127.0.0.1 localhost\n");
    await writeFile(hostname, "local\n");
    const { ino, mtimeMs } = await stat(hostname);
    const files = await NamespaceFiles.remember([hosts, hostname, join(folder, "none")]);
    await writeFile(hosts, "192.0.2.1 littered\n", { flag: "a" });
    await files.restore();
    expect(await readFile(hosts, "utf8")).toBe("127.0.0.1 localhost\n");
    expect(await stat(hostname)).toMatchObject({ ino, mtimeMs });
  } finally {
    await rm(folder, { recursive: true });
  }
});
