import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where sitecar keeps what it can make again: locks, half-done work, the Go toolchain.
 * `SITECAR_CACHE_DIR`, else `$XDG_CACHE_HOME/sitecar`, else `~/.cache/sitecar`.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const explicit = environment["SITECAR_CACHE_DIR"];
  if (explicit) return explicit;
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "sitecar");
}
