/** Something that the front end had to answer itself, told once and then counted. */
export interface FrontEndTrouble {
  /** `unavailable`: no worker could take it. `worker-failed`: main refused or reset. `idle`: the idle limit passed. */
  readonly kind: "unavailable" | "worker-failed" | "idle";
  readonly detail: string;
  /** The worker it went to, if any. */
  readonly instanceId?: string;
  /** Requests since the trouble began. 1 when it begins; told again, when it ends, if there were more. */
  readonly requests: number;
}

type Occurrence = Omit<FrontEndTrouble, "requests">;

/** Folds repeats, so that a record holds two lines of an outage and not one for each request. */
export class TroubleLog {
  readonly #tell: (trouble: FrontEndTrouble) => void;
  readonly #going = new Map<string, { readonly occurrence: Occurrence; requests: number }>();

  constructor(tell: (trouble: FrontEndTrouble) => void) {
    this.#tell = tell;
  }

  note(occurrence: Occurrence): void {
    const key = `${occurrence.kind} ${occurrence.instanceId ?? ""} ${occurrence.detail}`;
    const going = this.#going.get(key);
    if (going !== undefined) {
      going.requests++;
      return;
    }
    this.#going.set(key, { occurrence, requests: 1 });
    this.#tell({ ...occurrence, requests: 1 });
  }

  /** The site has changed, or a worker answered: what comes now is new trouble. */
  end(instanceId?: string): void {
    for (const [key, { occurrence, requests }] of this.#going) {
      if (instanceId !== undefined && occurrence.instanceId !== instanceId) continue;
      this.#going.delete(key);
      if (requests > 1) this.#tell({ ...occurrence, requests });
    }
  }
}
