import type { EventOf } from "../timeline/events.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Judgement } from "./contract.ts";
import { absolute, judgeProbes } from "./not-public.ts";
import { PATH_SPELLINGS, type PathSpelling } from "./path-spellings.ts";
import { besides, probeRoute, type ProbeMethod, type RouteProbe } from "./probe-route.ts";

export interface ProbePublicRoutesOptions {
  /** The front end's, or any address that the public would use. */
  readonly url: string;
  /** Paths that only the site's own containers may reach; {@link inputBindingRoutes} names those of Dapr. */
  readonly routes: readonly string[];
  /**
   * Whether a `POST` may be sent: it is what daprd does, so on a route that is public it **runs** the binding's work,
   * once, and the judgement stops there. With `false` nothing runs, but a route that answers to nothing else stays
   * `unknown`. Default true.
   */
  readonly mayRun?: boolean;
  /**
   * Looks from outside whether this probe made main work, where the answer alone can hide it: a blob, a tick, a row.
   * Asked after every `POST`.
   */
  readonly ran?: (probe: RouteProbe) => Promise<boolean>;
  /** Where each probe is recorded, for the contract `notPublic` to judge the run by: the site's. Default: nowhere. */
  readonly timeline?: Pick<Timeline, "record">;
  /** How long an answer may take. Default 30,000. */
  readonly answerWithinMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Asks a running site for routes as the public could, in every spelling that some server takes for the route, and judges
 * them as the contract `notPublic` does: one judgement for each route.
 */
export async function probePublicRoutes(options: ProbePublicRoutesOptions): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for (const route of options.routes) judgements.push(await probeInEverySpelling(route, options));
  return judgements;
}

/** Asked first because nothing runs by it. */
const METHODS: readonly ProbeMethod[] = ["OPTIONS", "POST"];

/** Said by servers and proxies of what is not to be had; an answer that a route's own work does not give. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 405, 410]);

const ANSWER_WITHIN_MS = 30_000;

/** What `route.probed` says of one probe. */
type Finding = Pick<EventOf<"route.probed">, "verdict" | "evidence">;

async function probeInEverySpelling(route: string, options: ProbePublicRoutesOptions): Promise<Judgement> {
  const found: Pick<EventOf<"route.probed">, "method" | "verdict" | "evidence">[] = [];
  for (const spelling of PATH_SPELLINGS) {
    for (const method of METHODS) {
      if (method === "POST" && options.mayRun === false) continue;
      const finding = await judgeProbe(method, spelling, absolute(route), options);
      options.timeline?.record({ type: "route.probed", route, method, ...finding });
      found.push({ method, ...finding });
      if (finding.verdict === "broken") return judgeProbes(route, found);
    }
  }
  return judgeProbes(route, found);
}

async function judgeProbe(
  method: ProbeMethod,
  spelling: PathSpelling,
  route: string,
  options: ProbePublicRoutesOptions,
): Promise<Finding> {
  const probing = { answerWithinMs: ANSWER_WITHIN_MS, ...options };
  const probe = await probeRoute(method, spelling, route, probing);
  const said = `${method} ${probe.target} (the route ${spelling.how})`;
  if (method === "POST" && probe.status !== null && (await options.ran?.(probe)) === true) {
    return { verdict: "broken", evidence: `${said} was answered ${probe.status}, and main did its work.` };
  }
  if (probe.status === null)
    return { verdict: "unknown", evidence: `${said}: ${probe.failure ?? "no answer"}.` };
  if (probe.byPlatform) {
    return {
      verdict: "unknown",
      evidence: `${said}: the platform answered ${probe.status} in main's place.`,
    };
  }
  if (REFUSALS.has(probe.status)) return { verdict: "held", evidence: `${said}: ${probe.status}.` };
  const beside = await probeRoute(method, spelling, besides(route), probing);
  if (beside.status === null || beside.byPlatform) {
    const what = beside.failure ?? `the platform's ${beside.status}`;
    return { verdict: "unknown", evidence: `${said}: ${probe.status}, but a path beside it: ${what}.` };
  }
  if (beside.status !== probe.status) {
    return {
      verdict: "broken",
      evidence: `${said} was answered ${probe.status}, a path beside it ${beside.status}: the route is reached.`,
    };
  }
  return ambiguous(probe.status, said);
}

/** The same answer for a path that nobody has: the route is not told apart by it. */
function ambiguous(status: number, said: string): Finding {
  if (status >= 400 && status < 500) {
    return { verdict: "held", evidence: `${said}: ${status}, as for a path that nobody has.` };
  }
  if (status >= 300 && status < 400) {
    return { verdict: "held", evidence: `${said}: ${status}, sent elsewhere as any path.` };
  }
  return {
    verdict: "unknown",
    evidence: `${said}: ${status}, but so is a path that nobody has; whether the route's work ran can't be seen by it.`,
  };
}
