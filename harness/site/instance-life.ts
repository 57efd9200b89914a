import { ReleaseStack } from "../shared/release-stack.ts";
import { InstanceTimeline } from "../timeline/instance-timeline.ts";
import type { RunParts } from "./run-parts.ts";
import type { SiteContainer } from "./site-container.ts";

/** What an instance holds from its first breath, so that it can be ended however far it came. */
export class InstanceLife {
  readonly name: string;
  readonly timeline: InstanceTimeline;
  readonly stack = new ReleaseStack();
  /** Ends its schedule and its start before itself: an instance that is being stopped starts nothing more. */
  readonly stopping = new AbortController();
  readonly signal: AbortSignal;
  handles: readonly SiteContainer[] = [];
  /** While it goes on, it makes things that are to be removed. */
  creation: Promise<unknown> | undefined;
  readonly #end = new AbortController();

  constructor(run: RunParts, name: string) {
    this.name = name;
    this.timeline = new InstanceTimeline(run.timeline, name);
    this.signal = AbortSignal.any([run.life.signal, this.#end.signal]);
    this.signal.addEventListener("abort", () => this.stopping.abort(this.signal.reason), { once: true });
    this.stack.defer("timeline", () => this.timeline.close());
    // A run that ends removes it, however far it came.
    run.stack.defer(`instance ${name}`, () => this.end());
  }

  async end(): Promise<void> {
    for (const handle of this.handles) handle.expectEnd();
    this.#end.abort(new DOMException(`the instance ${this.name} was removed`, "AbortError"));
    await this.creation?.catch(() => undefined); // whoever asked for it has the failure
    await this.stack[Symbol.asyncDispose]();
  }
}
