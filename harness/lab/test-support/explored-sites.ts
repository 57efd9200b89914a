import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { describeClass } from "../describe-class.ts";
import type { Exploration, ExplorationProgress } from "../exploration.ts";
import { explore } from "../explore.ts";
import type { ExploreOptions } from "../explore-options.ts";
import { makeSpace, type SpaceOptions } from "../space.ts";
import { SimulatedLaboratory, type SimulatedOptions, type SimulatedSite } from "./simulated-laboratory.ts";
import { exploreOptions, SITE } from "./simulated-site.ts";

export interface Explored {
  readonly exploration: Exploration;
  readonly laboratory: SimulatedLaboratory;
  readonly events: readonly ExplorationProgress[];
}

/** Explores a simulated site; its schedules lie in a folder that the caller removes. */
export class ExploredSites implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(): Promise<ExploredSites> {
    return new ExploredSites(await mkdtemp(path.join(tmpdir(), "sitecar-explore-")));
  }

  readonly explore = async (
    site: SimulatedSite,
    options: Partial<ExploreOptions> = {},
    simulated: SimulatedOptions = {},
    space: SpaceOptions = { disturbances: false },
  ): Promise<Explored> => {
    const laboratory = new SimulatedLaboratory(site, simulated);
    const events: ExplorationProgress[] = [];
    const exploration = await explore(laboratory, makeSpace(SITE, space), {
      ...exploreOptions(this.#directory),
      now: laboratory.now,
      progress: (event) => events.push(event),
      ...options,
    });
    return { exploration, laboratory, events };
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true });
  }
}

/** What is said of each class that is nobody's consequence. */
export function lines({ classes }: Exploration): readonly string[] {
  return classes.filter(({ consequenceOf }) => consequenceOf === undefined).map(describeClass);
}
