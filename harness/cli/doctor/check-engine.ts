import { SitecarError } from "../../errors/index.ts";
import type { EngineCapacity } from "../../runtime/diagnosis/engine-capacity.ts";
import { engineAddresses } from "../../runtime/engine/engine-addresses.ts";
import type { Engine } from "../../runtime/engine/engine.ts";
import { provisionObstacle } from "../../runtime/engine/provision-engine.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const CHECK = "engine";

export function checkEngine(
  engine: Pick<Engine, "version" | "apiVersion" | "origin">,
  capacity: EngineCapacity,
): Finding {
  const where = `${engine.version}, API ${engine.apiVersion}, ${engine.origin}; ${capacity.system}, ${capacity.processors} processors`;
  if (capacity.remoteHost === undefined) return ok(CHECK, where);
  return problem(
    CHECK,
    `${where}; it runs on ${capacity.remoteHost}, and what it publishes on 127.0.0.1 is out of reach from here`,
    "run sitecar on that host, or use an engine of this machine (unset DOCKER_HOST, or choose another context)",
  );
}

/** When connecting failed: a warning where the next start would install an engine, else the error and its remedy. */
export async function checkMissingEngine(
  error: unknown,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Finding> {
  if (!(error instanceof SitecarError)) throw error;
  const summary = firstLine(error);
  const named = (await engineAddresses(environment)).some(({ explicit }) => explicit);
  // No other engine is put in the place of one that the user named.
  if (error.code !== "ENGINE_NOT_FOUND" || named) return problem(CHECK, summary, error.remedy);
  const obstacle = await provisionObstacle(environment);
  if (obstacle !== undefined)
    return problem(CHECK, `${summary} None can be installed: ${obstacle}`, error.remedy);
  return warning(
    CHECK,
    "no engine answers",
    "nothing has to be done: the next `sitecar up` installs Debian's docker.io and iptables and starts dockerd; " +
      "SITECAR_NO_INSTALL=1 forbids it",
  );
}

function firstLine(error: SitecarError): string {
  return error.message.split("\n", 1)[0] ?? error.code;
}
