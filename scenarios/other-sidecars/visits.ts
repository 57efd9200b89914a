import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";

/** What the counter answered: `visits` with 200, `error` with 503. */
export interface Visit {
  readonly status: number;
  /** Absent: another server answered. */
  readonly visits?: number;
  readonly error?: string;
  /** The answer's `server`. */
  readonly server: string | null;
}

const COUNTED_WITHIN_MS = 30_000;

/** One request through the front end. */
export async function visit(site: RunningSite): Promise<Visit> {
  const response = await fetch(site.url, { signal: site.signal });
  const text = await response.text();
  const answer: Partial<Visit> = text.startsWith("{") ? JSON.parse(text) : {};
  return { ...answer, status: response.status, server: response.headers.get("server") };
}

/** Visits until one is counted, and answers with it. Those before were answered too, and not counted. */
export async function untilCounted(site: RunningSite): Promise<Visit> {
  let last: Visit | undefined;
  const outcome = await poll(
    async () => {
      last = await visit(site);
      return last.status === 200 ? last : undefined;
    },
    { deadline: Deadline.in(COUNTED_WITHIN_MS), signal: site.signal },
  );
  if (outcome.met) return outcome.value;
  throw new Error(`no visit was counted within ${COUNTED_WITHIN_MS} ms; last ${JSON.stringify(last)}`, {
    cause: outcome.lastFailure,
  });
}
