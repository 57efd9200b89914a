import { SitecarError } from "../errors/index.ts";

/** A question to a clock, and the longest that its answer may take. */
export interface ClockRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  readonly withinMs: number;
}

/** The way to a clock. `status` null: no HTTP answer, `body` says why. */
export type AskClock = (
  request: ClockRequest,
) => Promise<{ readonly status: number | null; readonly body: string }>;

/** What a clock says of itself. Times are texts of one form, in UTC, which sort as their times do; to the nanosecond. */
export interface ClockState {
  /** `null`: it was not told what time it is, and nothing of cron runs. */
  readonly now: string | null;
  /** When its next tick is due; `null`: none is. */
  readonly next: string | null;
  readonly bindings: readonly ClockBinding[];
}

/** A cron binding that daprd reads. */
export interface ClockBinding {
  readonly name: string;
  readonly schedule: string;
  /** `null`: it never fires again. */
  readonly next: string | null;
}

/** One firing of a cron binding in virtual time. */
export interface ClockTick {
  readonly binding: string;
  readonly due: string;
  /** In real time, milliseconds since 1970; `null`: its cron was stopped in the same moment, and nothing was posted. */
  readonly startedMs: number | null;
  readonly tookMs: number;
  /** The app has answered, or daprd knows why it can't. */
  readonly answered: boolean;
  /** Why daprd counts it as failed; `null`: it does not, or does not know yet. */
  readonly error: string | null;
}

export interface ClockAdvance extends Pick<ClockState, "next"> {
  readonly now: string;
  readonly ticks: readonly ClockTick[];
  /** Why it ended before what it was asked for; `null`: it did not. */
  readonly stopped: string | null;
}

/** Why a clock did not do what it was asked. `gone`: no answer came; `untold`: it was not told what time it is. */
export type ClockTrouble = { readonly trouble: "gone" | "untold"; readonly detail: string };

/** A clock's answer may take so much longer than what it waits for. */
const ON_THE_WAY_MS = 5000;
const ANSWER_MS = 10_000;

/** The clock of one daprd that was built for virtual time: what it can be asked, and what it answers (docs/virtual-time.md). */
export class DaprdClock {
  readonly #ask: AskClock;

  constructor(ask: AskClock) {
    this.#ask = ask;
  }

  /** Waits up to 5 s until each cron has set its timer. @throws {SitecarError} CLOCK_FAILED */
  async state(): Promise<ClockState | ClockTrouble> {
    return await this.#get({ method: "GET", path: "/clock", withinMs: ANSWER_MS }, isState);
  }

  /** Says what time it is; a clock takes that once. @throws {SitecarError} CLOCK_FAILED, also when it was told before. */
  async tell(now: string): Promise<ClockState | ClockTrouble> {
    return await this.#post("/clock/tell", { now }, ANSWER_MS, isState);
  }

  /**
   * Goes to the next due tick, or to `to` when none is due until then, and fires what is due at that moment.
   * @param options.await `answered`: each has its answer before the next one is fired. `started`: it has been posted.
   * @throws {SitecarError} CLOCK_FAILED
   */
  async advance(
    to: string,
    options: { readonly await: "answered" | "started"; readonly withinMs: number },
  ): Promise<ClockAdvance | ClockTrouble> {
    return await this.#post(
      "/clock/advance",
      { to, ...options },
      options.withinMs + ON_THE_WAY_MS,
      isAdvance,
    );
  }

  /** How many ticks are due until then; at most one more than `most`. Fires none. @throws {SitecarError} CLOCK_FAILED */
  async count(to: string, most: number): Promise<{ readonly count: number } | ClockTrouble> {
    return await this.#post("/clock/count", { to, most }, 30_000, isCount);
  }

  async #post<T>(
    path: string,
    body: object,
    withinMs: number,
    is: (value: unknown) => value is T,
  ): Promise<T | ClockTrouble> {
    return await this.#get({ method: "POST", path, body: JSON.stringify(body), withinMs }, is);
  }

  async #get<T>(request: ClockRequest, is: (value: unknown) => value is T): Promise<T | ClockTrouble> {
    const { status, body } = await this.#ask(request);
    if (status === null) return { trouble: "gone", detail: body };
    const value = parse(body);
    if (status === 200 && is(value)) return value;
    if (status === 409 && body.includes("not told")) return { trouble: "untold", detail: body };
    throw new SitecarError("CLOCK_FAILED", {
      message: `the clock of a daprd did not do what it was asked: ${request.method} ${request.path}.`,
      observations: [
        ...(request.body === undefined ? [] : [{ label: "asked", value: request.body }]),
        { label: "answer", value: `HTTP ${status} ${body.slice(0, 500)}` },
      ],
      remedy: "read the sidecar's log in the run's folder; its daprd says what its clock does.",
    });
  }
}

export function isTrouble(answer: object): answer is ClockTrouble {
  return "trouble" in answer;
}

/** As clocks write times: nine digits of a second, so that texts sort as their times do. */
export function clockTime(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000000Z`;
}

/** To the millisecond. */
export function dateOfClock(text: string): Date {
  return new Date(text.replace(/(\.\d{3})\d*Z$/, "$1Z"));
}

/** The same time, or the first millisecond after it. */
export function dateAfterClock(text: string): Date {
  const date = dateOfClock(text);
  return clockTime(date) < text ? new Date(date.getTime() + 1) : date;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The clock and the harness are one version, so only the outline is looked at.
function isState(value: unknown): value is ClockState {
  return has(value, "now", "next") && "bindings" in value && Array.isArray(value.bindings);
}

function isAdvance(value: unknown): value is ClockAdvance {
  return has(value, "now", "next", "stopped") && "ticks" in value && Array.isArray(value.ticks);
}

function isCount(value: unknown): value is { readonly count: number } {
  return typeof value === "object" && value !== null && "count" in value && typeof value.count === "number";
}

function has(value: unknown, ...names: readonly string[]): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => {
      const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
      return found === null || typeof found === "string";
    })
  );
}
