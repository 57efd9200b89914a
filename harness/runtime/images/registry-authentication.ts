import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/**
 * What `docker login` left for an image's registry, in the form that the engine takes: from the docker client's
 * configuration file or the credential helper it names. `undefined`: pull anonymously.
 */
export async function registryAuthentication(
  reference: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | undefined> {
  const directory = environment["DOCKER_CONFIG"] || join(environment["HOME"] || homedir(), ".docker");
  const text = await readFile(join(directory, "config.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const configuration = asRecord(JSON.parse(text));
  const registry = registryOf(reference);
  const keys = registry === "docker.io" ? [DOCKER_HUB_KEY, registry] : [registry, `https://${registry}`];
  for (const key of keys) {
    const helper = asRecord(configuration["credHelpers"])[key] ?? configuration["credsStore"];
    if (typeof helper === "string") {
      const found = await askHelper(helper, key, { environment, signal });
      if (found !== undefined) return found;
    }
    const entry = asRecord(asRecord(configuration["auths"])[key]);
    const encoded = entry["auth"];
    if (typeof encoded === "string") return fromBasic(encoded, key);
  }
  return undefined;
}

/** `mcr.microsoft.com/x/y:1` → `mcr.microsoft.com`; names without a registry are Docker Hub's. */
export function registryOf(reference: string): string {
  const [first, ...rest] = reference.split("/");
  const isHost = rest.length > 0 && first !== undefined && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : "docker.io";
}

/** The helper's protocol: the registry on standard input, JSON on standard output, an exit code when it knows nothing. */
async function askHelper(
  helper: string,
  key: string,
  { environment, signal }: { readonly environment: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<Readonly<Record<string, string>> | undefined> {
  const result = await execa(`docker-credential-${helper}`, ["get"], {
    input: key,
    env: environment,
    cancelSignal: signal,
    reject: false,
  });
  if (result.failed) return undefined;
  const answer = asRecord(JSON.parse(result.stdout));
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== "string" || typeof secret !== "string") return undefined;
  return username === "<token>"
    ? { identitytoken: secret, serveraddress: key }
    : { username, password: secret, serveraddress: key };
}

function fromBasic(encoded: string, key: string): Readonly<Record<string, string>> {
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1), serveraddress: key };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
