import { SitecarError } from "../../errors/index.ts";
import { StandInLink, type StandInContainer } from "./stand-in-link.ts";
import type { StandInCounts, StandInFault, StandInState } from "./stand-in-protocol.ts";

/** A fault of the stand-in main that lasts until it is healed; leaving its scope heals it. */
export interface StandInFaultHandle extends AsyncDisposable {
  readonly fault: StandInFault;
  /** Safe to call twice. @throws {SitecarError} PLATFORM_FAILED */
  heal(): Promise<void>;
}

/** What is particular to one container of a stand-in main. */
export type StandInPlace = Pick<StandInState, "port" | "writes"> & {
  /** Asked anew each time: component files may be read again. */
  readonly routes: () => readonly string[];
};

/** The stand-in main of a running site, in all its instances. */
export class StandInControl {
  readonly #links = new Set<StandInLink>();
  readonly #faults = new Map<string, StandInFault>();
  #lastFault = 0;
  /** Also while a restart has taken one away and not yet made the next. */
  #isUsed = false;

  /**
   * Lets it misbehave from now on, in every instance, those that start later too:
   *
   * ```ts
   * await using slow = await site.standIn.fail({ kind: "answers-slowly", requests: "options", delayMs: 4_000 });
   * ```
   * @throws {SitecarError} FAULT_NOT_POSSIBLE for a site that runs without one; PLATFORM_FAILED.
   */
  async fail(fault: StandInFault): Promise<StandInFaultHandle> {
    this.#check();
    const id = `stand-in-${++this.#lastFault}`;
    this.#faults.set(id, fault);
    const heal = async (): Promise<void> => {
      if (this.#faults.delete(id)) await this.#tellAll();
    };
    try {
      await this.#tellAll();
    } catch (error) {
      await heal().catch(() => undefined); // why it could not be put in force is the failure to tell
      throw error;
    }
    return { fault, heal, [Symbol.asyncDispose]: heal };
  }

  /** Ends all faults, also those that were put in force through other handles. */
  async healAll(): Promise<void> {
    if (this.#faults.size === 0) return;
    this.#faults.clear();
    await this.#tellAll();
  }

  /**
   * What the processes that run now have counted since each began, one entry for each.
   * @throws {SitecarError} as {@link fail}.
   */
  async counts(): Promise<readonly StandInCounts[]> {
    this.#check();
    return (await this.#tellAll()).filter((counts) => counts !== undefined);
  }

  /** A stand-in main that will run in this container. */
  attach(container: StandInContainer, { routes, ...place }: StandInPlace): StandInLink {
    const link = new StandInLink(container, () => ({
      ...place,
      routes: routes(),
      faults: [...this.#faults].map(([id, fault]) => ({ id, fault })),
    }));
    this.#links.add(link);
    this.#isUsed = true;
    return link;
  }

  detach(link: StandInLink): void {
    this.#links.delete(link);
  }

  async #tellAll(): Promise<readonly (StandInCounts | undefined)[]> {
    return await Promise.all([...this.#links].map((link) => link.follow()));
  }

  #check(): void {
    if (this.#isUsed) return;
    throw new SitecarError("FAULT_NOT_POSSIBLE", {
      message: "the site runs its own main, which can't be told to misbehave.",
      remedy:
        'run it with the stand-in main in its place: `--stand-in-main`, or `standIn: { container: "main" }` in startSite\'s options.',
    });
  }
}
