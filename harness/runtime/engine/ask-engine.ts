import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Dockerode from "dockerode";
import { SitecarError } from "../../errors/index.ts";
import { Deadline } from "../../shared/clock.ts";
import type { EngineAddress } from "./docker-context.ts";
import type { Engine } from "./engine.ts";

/** An engine that is there answers at once; one behind SSH or a slow network gets this long. */
const ANSWER_BUDGET_MS = 10_000;
const MINIMUM_API = [1, 41] as const;

/**
 * Connects to one address.
 * @throws SitecarError `ENGINE_TOO_OLD`; the network's own error when nobody answers
 */
export async function askEngine(address: EngineAddress, signal?: AbortSignal): Promise<Engine> {
  const docker = await clientFor(address);
  const deadline = Deadline.in(ANSWER_BUDGET_MS).signal();
  const abortSignal = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  // The client takes a signal here; its published types do not say so.
  const ask: (options: { readonly abortSignal: AbortSignal }) => Promise<Dockerode.DockerVersion> =
    docker.version.bind(docker);
  const { Version: version, ApiVersion: apiVersion } = await ask({ abortSignal });
  if (isTooOld(apiVersion)) {
    throw new SitecarError("ENGINE_TOO_OLD", {
      message: `the container engine at ${address.host} speaks API ${apiVersion}; ${MINIMUM_API.join(".")} or newer is needed.`,
      observations: [{ label: "engine", value: `version ${version}, found through ${address.origin}` }],
      remedy: "install Docker Engine 20.10 or newer, or point DOCKER_HOST to one.",
    });
  }
  return { docker, version, apiVersion, origin: address.origin };
}

async function clientFor({ host, certificates }: EngineAddress): Promise<Dockerode> {
  if (host === "") throw new Error("it has no endpoint");
  if (host.startsWith("unix://")) return new Dockerode({ socketPath: host.slice("unix://".length) });
  if (host.startsWith("npipe://")) return new Dockerode({ socketPath: host.slice("npipe://".length) });
  const url = new URL(host.includes("://") ? host : `tcp://${host}`);
  if (url.protocol === "ssh:") {
    return new Dockerode({
      protocol: "ssh",
      host: url.hostname,
      port: url.port === "" ? 22 : Number(url.port),
      ...(url.username === "" ? {} : { username: url.username }),
    });
  }
  const secured = url.protocol === "https:" || certificates !== undefined;
  return new Dockerode({
    protocol: secured ? "https" : "http",
    host: url.hostname,
    port: url.port === "" ? (secured ? 2376 : 2375) : Number(url.port),
    ...(certificates === undefined ? {} : await clientCertificate(certificates)),
  });
}

async function clientCertificate(directory: string): Promise<{ ca?: Buffer; cert?: Buffer; key?: Buffer }> {
  const read = (name: string) => readFile(join(directory, name)).catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function isTooOld(apiVersion: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split(".").map(Number);
  return major < MINIMUM_API[0] || (major === MINIMUM_API[0] && minor < MINIMUM_API[1]);
}
