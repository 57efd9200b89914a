import { homedir } from "node:os";
import { join } from "node:path";
import { dockerContext, type EngineAddress } from "./docker-context.ts";

/** The socket of an engine that runs as root, ours included. */
export const SYSTEM_SOCKET = "/var/run/docker.sock";

/**
 * Holds the `DOCKER_HOST` that a search set for its own process and children. As long as both are the same, nobody has
 * chosen an engine, and the search goes on as before.
 */
export const FOUND_HOST_VARIABLE = "SITECAR_FOUND_DOCKER_HOST";

/** Where an engine may listen, in the order in which it is looked for. An address the user named is the only one. */
export async function engineAddresses(environment: NodeJS.ProcessEnv): Promise<readonly EngineAddress[]> {
  const host = environment["DOCKER_HOST"];
  if (host && host !== environment[FOUND_HOST_VARIABLE]) {
    const certificates = environment["DOCKER_CERT_PATH"];
    const secured = Boolean(environment["DOCKER_TLS_VERIFY"]) && certificates;
    return [{ host, origin: "DOCKER_HOST", explicit: true, ...(secured ? { certificates } : {}) }];
  }
  const context = await dockerContext(environment);
  if (context?.explicit) return [context];
  const sockets = usualSockets(environment).map((path) => ({
    host: `unix://${path}`,
    origin: path,
    explicit: false,
  }));
  return context === undefined ? sockets : [context, ...sockets];
}

function usualSockets(environment: NodeJS.ProcessEnv): readonly string[] {
  const home = environment["HOME"] || homedir();
  const runtime = environment["XDG_RUNTIME_DIR"];
  return [
    SYSTEM_SOCKET,
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(home, ".docker/run/docker.sock"),
    join(home, ".docker/desktop/docker.sock"),
    join(home, ".colima/default/docker.sock"),
    join(home, ".rd/docker.sock"),
    join(home, ".orbstack/run/docker.sock"),
    ...(runtime ? [join(runtime, "podman/podman.sock")] : []),
    "/run/podman/podman.sock",
  ];
}
