import { randomUUID } from "node:crypto";
import { Deadline, poll } from "../../shared/clock.ts";
import { EngineContainer } from "../container.ts";
import type { Engine } from "../engine/engine.ts";
import { engineError } from "../engine/engine-error.ts";
import { IMAGE_LABEL, localImage } from "../images/engine-images.ts";
import { UPSTREAM } from "../images/upstream-images.ts";

const TRIAL_PORT = 8080;
const TRIAL_BUDGET_MS = 30_000;

export type PublishingTrial =
  | { readonly outcome: "answered"; readonly afterMs: number }
  | { readonly outcome: "silent"; readonly detail: string }
  /** No image with Node is on the engine yet, so nothing was tried. */
  | { readonly outcome: "not tried" };

/**
 * Publishes a port of a small container on 127.0.0.1, asks it, and removes the container. It is labelled as a run's
 * containers are: if this process dies meanwhile, the next start removes it.
 * @throws {SitecarError} what creating a container throws: PORT_TAKEN, NO_SPACE, ENGINE_GONE, ENGINE_REFUSED
 */
export async function tryPublishing(engine: Engine, signal: AbortSignal): Promise<PublishingTrial> {
  const image = await imageWithNode(engine);
  if (image === undefined) return { outcome: "not tried" };
  const token = randomUUID();
  const container = await EngineContainer.create(
    engine,
    { runId: `doctor-${token}`, site: "doctor" },
    {
      name: `sitecar-doctor-${token}`,
      label: "doctor",
      image,
      entrypoint: ["node"],
      command: ["-e", `require("node:http").createServer((_, a) => a.end("${token}")).listen(${TRIAL_PORT})`],
      network: { name: "bridge" },
      publishedPorts: [TRIAL_PORT],
    },
  );
  try {
    await container.start();
    const deadline = Deadline.in(TRIAL_BUDGET_MS);
    const port = await container.publishedPort(TRIAL_PORT);
    if (port === undefined) return { outcome: "silent", detail: "the engine published no port" };
    const answer = await poll(() => ask(port, token, deadline), { deadline, signal });
    if (answer.met) return { outcome: "answered", afterMs: Math.round(deadline.elapsedMs) };
    return { outcome: "silent", detail: describe(answer.lastFailure) };
  } finally {
    await container.remove();
  }
}

async function ask(port: number, token: string, deadline: Deadline): Promise<true> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: deadline.signal() });
  if ((await response.text()) !== token) throw new Error("something else than the container answered");
  return true;
}

/** The platform's image, or any other that has Node first on its PATH. */
async function imageWithNode(engine: Engine): Promise<string | undefined> {
  try {
    for (const name of ["platform", "node"]) {
      const images = await engine.docker.listImages({ filters: { label: [`${IMAGE_LABEL}=${name}`] } });
      const tag = images.flatMap(({ RepoTags: tags }) => tags ?? []).find((one) => !one.startsWith("<none>"));
      if (tag !== undefined) return tag;
    }
  } catch (error) {
    throw engineError(error, "list images");
  }
  return (await localImage(engine, UPSTREAM.node)) === undefined ? undefined : UPSTREAM.node;
}

function describe(failure: unknown): string {
  if (!(failure instanceof Error)) return "no answer";
  return failure.cause instanceof Error ? failure.cause.message : failure.message;
}
