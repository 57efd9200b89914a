import { readFile, writeFile } from "node:fs/promises";

const NAME_SERVER = /^\s*nameserver\s+(\S+)/;

/**
 * Makes `address` the only name server of the namespace, and hands back the one that stood there first. The file is written
 * in place, not replaced: every container of the namespace sees the same file, by its inode.
 * @throws {Error} when no name server stood there that could be asked for everything else.
 */
export async function takeOverResolver(address: string, path: string): Promise<string> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  const before = lines.flatMap((line) => NAME_SERVER.exec(line)?.[1] ?? []).find((one) => one !== address);
  if (before === undefined) throw new Error(`${path} names no name server: ${lines.join("; ")}`);
  const others = lines.filter((line) => !NAME_SERVER.test(line));
  await writeFile(path, `${[`nameserver ${address}`, ...others].join("\n")}\n`);
  return before;
}
