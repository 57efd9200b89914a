import { readFile, writeFile } from "node:fs/promises";

/** Files that the engine shares among all containers of a namespace: what one writes there, every later one reads. */
const SHARED = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

/** The namespace's shared files as they were once, to be put back. */
export class NamespaceFiles {
  readonly #contents: ReadonlyMap<string, Buffer>;

  private constructor(contents: ReadonlyMap<string, Buffer>) {
    this.#contents = contents;
  }

  /** Remembers them as they are now. @param paths default: those that the engine shares. */
  static async remember(paths: readonly string[] = SHARED): Promise<NamespaceFiles> {
    const contents = new Map<string, Buffer>();
    for (const path of paths) {
      const content = await readFile(path).catch(() => undefined);
      if (content !== undefined) contents.set(path, content);
    }
    return new NamespaceFiles(contents);
  }

  /** In place: a file that is mounted by itself can't be replaced. */
  async restore(): Promise<void> {
    for (const [path, content] of this.#contents) {
      if (!content.equals(await readFile(path))) await writeFile(path, content);
    }
  }
}
