import type { ClockAnswer, ClockQuestion } from "../../platform/agent-protocol.ts";
import { clockTime, type ClockTick } from "../../dapr/daprd-clock.ts";

interface Binding {
  readonly name: string;
  readonly everyMs: number;
  next: number;
}

/** What becomes of a tick in a test; `hangs`: no answer comes. */
export type TickFate = "succeeds" | "fails" | "hangs";

/**
 * A clock as the one in a daprd for virtual time answers over HTTP, for bindings with `@every`. Each begins its interval when
 * the clock is told what time it is.
 */
export class SmallClock {
  readonly asked: string[] = [];
  /** Does not listen: its daprd has not begun, or has ended. */
  listens = true;
  fate: (binding: string) => TickFate = () => "succeeds";
  readonly #schedules: Readonly<Record<string, number>>;
  #now: number | undefined;
  #bindings: Binding[] = [];

  /** @param schedules intervals in ms, by the names of the bindings */
  constructor(schedules: Readonly<Record<string, number>>) {
    this.#schedules = schedules;
  }

  /** Its daprd has ended, and another one has begun. */
  restart(): void {
    this.#now = undefined;
    this.#bindings = [];
    this.listens = true;
  }

  answer({ method, path, body = "{}" }: ClockQuestion): ClockAnswer {
    if (!this.listens) return { status: null, body: "ECONNREFUSED" };
    this.asked.push(`${method} ${path}`);
    const asked: {
      readonly to: string;
      readonly now: string;
      readonly await: string;
      readonly most: number;
    } = JSON.parse(body);
    if (path === "/clock") return ok(this.#state());
    if (path === "/clock/tell") return this.#tell(Date.parse(asked.now));
    if (this.#now === undefined) return refused("the clock was not told what time it is");
    if (path === "/clock/count") return ok({ count: this.#count(Date.parse(asked.to), asked.most) });
    const to = Date.parse(asked.to);
    return to < this.#now ? refused("the clock can't go back") : ok(this.#advance(to, asked.await));
  }

  #tell(now: number): ClockAnswer {
    if (this.#now !== undefined) return refused("the clock was told what time it is already");
    this.#now = now;
    this.#bindings = Object.entries(this.#schedules).map(([name, everyMs]) => ({
      name,
      everyMs,
      next: now + everyMs,
    }));
    return ok(this.#state());
  }

  #advance(to: number, wait: string): object {
    const next = Math.min(...this.#bindings.map((binding) => binding.next));
    this.#now = Math.min(to, next);
    const ticks: ClockTick[] = [];
    let stopped: string | null = null;
    for (const binding of this.#bindings.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
      if (binding.next > this.#now || stopped !== null) continue;
      const fate = this.fate(binding.name);
      ticks.push({
        binding: binding.name,
        due: text(binding.next),
        startedMs: Date.now(),
        tookMs: 2,
        answered: wait === "answered" && fate !== "hangs",
        error: fate === "fails" ? "status code: 500" : null,
      });
      binding.next += binding.everyMs;
      if (fate === "hangs" && wait === "answered") stopped = "context deadline exceeded";
    }
    return { ...this.#state(), ticks, stopped };
  }

  #count(to: number, most: number): number {
    const counts = this.#bindings.map(({ next, everyMs }) =>
      next > to ? 0 : everyMs <= 0 ? most + 1 : Math.floor((to - next) / everyMs) + 1,
    );
    return Math.min(
      most + 1,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }

  #state(): object {
    const nexts = this.#bindings.map(({ next }) => next);
    return {
      now: this.#now === undefined ? null : text(this.#now),
      next: nexts.length === 0 ? null : text(Math.min(...nexts)),
      bindings: this.#bindings.map(({ name, everyMs, next }) => ({
        name,
        schedule: `@every ${everyMs}ms`,
        next: text(next),
      })),
    };
  }
}

function text(ms: number): string {
  return clockTime(new Date(ms));
}

function ok(value: object): ClockAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

function refused(error: string): ClockAnswer {
  return { status: 409, body: JSON.stringify({ error }) };
}
