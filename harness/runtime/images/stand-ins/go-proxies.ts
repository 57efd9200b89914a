import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

const PUBLIC_DEFAULT = "https://proxy.golang.org";

/**
 * Addresses of Go module proxies as the go command itself would find them: `GOPROXY`, then the user's Go environment
 * file (`GOENV`, default `~/.config/go/env`), then the public one. Without a trailing slash.
 */
export async function goProxies(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const setting = environment["GOPROXY"] || (await fromEnvironmentFile(environment)) || PUBLIC_DEFAULT;
  return setting
    .split(/[,|]/)
    .map((part) => part.trim().replace(/\/+$/, ""))
    .filter((part) => /^https?:\/\//.test(part));
}

async function fromEnvironmentFile(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const configuration = environment["XDG_CONFIG_HOME"] || join(environment["HOME"] || homedir(), ".config");
  const path = environment["GOENV"] || join(configuration, "go", "env");
  if (path === "off") return undefined;
  const text = await readFile(path, "utf8").catch(() => "");
  return /^GOPROXY=(?<value>.*)$/m.exec(text)?.groups?.["value"]?.trim();
}
