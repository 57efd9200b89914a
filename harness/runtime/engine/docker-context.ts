import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** A place where an engine may listen, and where that was read. */
export interface EngineAddress {
  /** `unix://…`, `tcp://…`, `http://…`, `https://…` or `ssh://…`, as in DOCKER_HOST. */
  readonly host: string;
  /** For the user: `DOCKER_HOST`, `the docker context "colima"`, a socket's path. */
  readonly origin: string;
  /** True when the user named it; then no other is tried. */
  readonly explicit: boolean;
  /** Directory with ca.pem, cert.pem and key.pem, when the address wants a client certificate. */
  readonly certificates?: string;
}

/**
 * The endpoint of the docker client's current context: `DOCKER_CONTEXT`, else `currentContext` of its configuration.
 * `undefined` for the context `default` and when there is none.
 */
export async function dockerContext(environment: NodeJS.ProcessEnv): Promise<EngineAddress | undefined> {
  const directory = dockerDirectory(environment);
  const chosen = environment["DOCKER_CONTEXT"];
  const name = chosen || textAt(await readJson(join(directory, "config.json")), ["currentContext"]);
  if (!name || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = await readJson(join(directory, "contexts", "meta", id, "meta.json"));
  const host = textAt(meta, ["Endpoints", "docker", "Host"]);
  const origin = `the docker context "${name}"`;
  // A context that was chosen but has no endpoint is still the user's choice; an empty host fails with its name.
  if (host === undefined) return chosen ? { host: "", origin, explicit: true } : undefined;
  const certificates = join(directory, "contexts", "tls", id, "docker");
  return { host, origin, explicit: Boolean(chosen), ...(host.startsWith("unix:") ? {} : { certificates }) };
}

/** Where the docker client keeps its configuration: `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["DOCKER_CONFIG"] || join(environment["HOME"] || homedir(), ".docker");
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // Missing or damaged: the docker client's own problem; the usual sockets are tried next.
    return undefined;
  }
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.entries(found).find(([name]) => name === key)?.[1];
  }
  return typeof found === "string" ? found : undefined;
}
