import type { PreparedImage } from "../prepared-image.ts";
import type { ImageDecision } from "./image-set.ts";
import { pullImage } from "./pull-image.ts";
import { azuriteRecipe, makeAzurite } from "./stand-ins/azurite.ts";
import { daprdRecipe, makeDaprd } from "./stand-ins/daprd.ts";
import { makeDaprdVirtualTime } from "./stand-ins/daprd-virtual-time.ts";
import { debianRecipe, makeDebian } from "./stand-ins/debian.ts";
import { envoyRecipe, makeEnvoy } from "./stand-ins/envoy.ts";
import { makeNode, nodeRecipe } from "./stand-ins/node.ts";
import { makeToxiproxy, toxiproxyRecipe } from "./stand-ins/toxiproxy.ts";
import { standInFor, UPSTREAM, type StandIn } from "./upstream-images.ts";
import type { MadeImage, Workshop } from "./workshop.ts";

interface StandInMaker {
  readonly recipe: (workshop: Workshop, version: string) => Promise<MadeImage>;
  /** `upstream` gives the image that it stands on, when it is needed. */
  readonly make: (
    workshop: Workshop,
    version: string,
    upstream: (reference: string) => Promise<PreparedImage>,
  ) => Promise<PreparedImage>;
}

const MAKERS: Readonly<Record<StandIn["kind"], StandInMaker>> = {
  debian: { recipe: debianRecipe, make: makeDebian },
  node: {
    recipe: nodeRecipe,
    make: (workshop, _version, upstream) => makeNode(workshop, () => upstream(UPSTREAM.debian)),
  },
  azurite: {
    recipe: azuriteRecipe,
    make: (workshop, _version, upstream) => makeAzurite(workshop, () => upstream(UPSTREAM.node)),
  },
  envoy: {
    recipe: envoyRecipe,
    make: (workshop, _version, upstream) => makeEnvoy(workshop, () => upstream(UPSTREAM.debian)),
  },
  daprd: { recipe: daprdRecipe, make: makeDaprd },
  toxiproxy: { recipe: toxiproxyRecipe, make: makeToxiproxy },
};

/** What a stand-in would be called, without making it. */
export function standInRecipe(workshop: Workshop, standIn: StandIn): Promise<MadeImage> {
  return MAKERS[standIn.kind].recipe(workshop, standIn.version);
}

/** Hands out upstream images under their public names; each is prepared once, however many ask. */
export class UpstreamResolver {
  readonly #workshop: Workshop;
  readonly #decision: ImageDecision;
  readonly #virtualTime: boolean;
  readonly #known = new Map<string, Promise<PreparedImage>>();

  /** @param virtualTime daprd is the one whose cron follows virtual time, wherever the other images come from. */
  constructor(workshop: Workshop, decision: ImageDecision, virtualTime: boolean) {
    this.#workshop = workshop;
    this.#decision = decision;
    this.#virtualTime = virtualTime;
  }

  /** @throws SitecarError `IMAGE_NOT_FOUND` when it is neither here nor to be had, `IMAGE_BUILD_FAILED` for a stand-in */
  prepare(reference: string): Promise<PreparedImage> {
    const known = this.#known.get(reference);
    if (known !== undefined) return known;
    const coming = this.#prepare(reference);
    coming.catch(() => undefined);
    this.#known.set(reference, coming);
    return coming;
  }

  #prepare(reference: string): Promise<PreparedImage> {
    const known = standInFor(reference);
    if (this.#virtualTime && known?.kind === "daprd") {
      return makeDaprdVirtualTime(this.#workshop, known.version);
    }
    const standIn = this.#decision.source === "stand-in" ? known : undefined;
    if (standIn === undefined) return pullImage(this.#workshop, reference);
    return MAKERS[standIn.kind].make(this.#workshop, standIn.version, (base) => this.prepare(base));
  }
}
