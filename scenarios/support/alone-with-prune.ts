import { tmpdir } from "node:os";
import path from "node:path";
import { lockFile } from "../../harness/runtime/file-lock.ts";

/**
 * Of the scenarios that run `sitecar prune` on this machine, one at a time: it removes the leftovers that another one has laid out
 * for its own. Disposing what it gives lets the next one in.
 */
export async function aloneWithPrune(): Promise<AsyncDisposable> {
  return await lockFile("prune", { directory: path.join(tmpdir(), "sitecar-scenarios") });
}
