import { appendFile, chmod, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join, normalize } from "node:path/posix";
import { TREES_PATH, type TreePath } from "../../../harness/platform/agent-protocol.ts";

/** On App Service every container may write everywhere in its share, whatever user it runs as. */
const EVERYBODY = 0o777;

/** The directories that the site's containers share, mounted below one path of the platform container. */
export class Trees {
  readonly #root: string;

  /** @param root default: where the harness mounts them. */
  constructor(root: string = TREES_PATH) {
    this.#root = root;
  }

  /** Makes a directory and those above it, each open to everybody, as the tree itself is. What exists stays as it is. */
  async makeDirectory({ tree, path }: TreePath): Promise<void> {
    await this.#assertMounted(tree);
    let directory = join(this.#root, tree);
    await chmod(directory, EVERYBODY);
    for (const part of this.#parts(path)) {
      directory = join(directory, part);
      if (await made(directory)) await chmod(directory, EVERYBODY);
    }
  }

  /** Appends to a file, which is made with its directories when it is not there. */
  async append(file: TreePath, text: string): Promise<void> {
    const parts = this.#parts(file.path);
    await this.makeDirectory({ tree: file.tree, path: parts.slice(0, -1).join("/") });
    await appendFile(join(this.#root, file.tree, ...parts), text);
  }

  /** Removes everything in every mounted tree; the trees themselves stay. */
  async empty(): Promise<void> {
    const mounted = await readdir(this.#root).catch(() => []);
    for (const tree of mounted) {
      for (const name of await readdir(join(this.#root, tree))) {
        await rm(join(this.#root, tree, name), { recursive: true, force: true });
      }
    }
  }

  async #assertMounted(tree: string): Promise<void> {
    const found = await stat(join(this.#root, tree)).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!found) throw new Error(`the tree "${tree}" is not mounted`);
  }

  /** The harness has checked it; what a container's site asks for must still never leave its tree. */
  #parts(path: string): string[] {
    const parts = normalize(path)
      .split("/")
      .filter((part) => part !== "" && part !== ".");
    if (parts.includes("..")) throw new Error(`the path "${path}" leaves its tree`);
    return parts;
  }
}

/** Makes one directory; false: it was there. */
async function made(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
