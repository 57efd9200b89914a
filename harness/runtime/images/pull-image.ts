import { SitecarError } from "../../errors/index.ts";
import { engineError } from "../engine/engine-error.ts";
import type { PreparedImage } from "../prepared-image.ts";
import { localImage, pullOntoEngine } from "./engine-images.ts";
import { registryAuthentication } from "./registry-authentication.ts";
import type { Workshop } from "./workshop.ts";

/**
 * The image under exactly this name: from the engine when it has it, else pulled.
 * @throws SitecarError `IMAGE_NOT_FOUND` when the registry does not give it
 */
export function pullImage(workshop: Workshop, reference: string): Promise<PreparedImage> {
  const { engine, steps, environment } = workshop;
  return steps.run<PreparedImage>(`image ${reference}`, async (step) => {
    const here = await localImage(engine, reference);
    if (here !== undefined) {
      const reason = "the engine had it";
      return {
        value: {
          requested: reference,
          reference,
          id: here.id,
          origin: "local",
          reason,
          digests: here.digests,
        },
        detail: reason,
        state: "cached",
      };
    }
    step.say(`pulling ${reference}`);
    try {
      await pullOntoEngine(engine, withTag(reference), {
        signal: step.signal,
        authentication: await registryAuthentication(reference, environment, step.signal),
        onOutput: (text) => step.output(text),
      });
    } catch (error) {
      step.signal.throwIfAborted();
      throw pullFailure(reference, error);
    }
    const pulled = await localImage(engine, reference);
    if (pulled === undefined) throw new Error(`the engine pulled ${reference}, but does not have it`);
    const reason = "pulled from its registry";
    return {
      value: {
        requested: reference,
        reference,
        id: pulled.id,
        origin: "pulled",
        reason,
        digests: pulled.digests,
      },
      detail: reason,
    };
  });
}

/** Without a tag the engine would pull every tag there is. */
function withTag(reference: string): string {
  return /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
}

function pullFailure(reference: string, error: unknown): SitecarError {
  const known = engineError(error, `pull ${reference}`);
  if (known.code === "ENGINE_GONE" || known.code === "NO_SPACE") return known;
  return new SitecarError("IMAGE_NOT_FOUND", {
    message: `the image ${reference} is not on this machine, and its registry does not give it.`,
    observations: [{ label: "registry", value: error instanceof Error ? error.message : String(error) }],
    remedy:
      "correct the name, sign in (`docker login`), load it by hand (`docker load`), or say in the site's `builds` how it is built here.",
    cause: error,
  });
}
