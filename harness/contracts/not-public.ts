import { bindingRoute, isInputBinding, type ComponentFile } from "../dapr/component-files.ts";
import type { Judgement, Verdict } from "./contract.ts";
import { PATH_SPELLINGS, type PathSpelling } from "./path-spellings.ts";
import { besides, probeRoute, type ProbeMethod, type RouteProbe } from "./probe-route.ts";

export interface NotPublicOptions {
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
  /** How long an answer may take. Default 30,000. */
  readonly answerWithinMs?: number;
  readonly signal: AbortSignal;
}

/** One judgement for each route. */
export async function notPublic(options: NotPublicOptions): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for (const route of options.routes) judgements.push(await judgeRoute(route, options));
  return judgements;
}

/** The routes that daprd calls for the input bindings of these files, also where only daprd knows whether it will. */
export function inputBindingRoutes(files: readonly ComponentFile[]): readonly string[] {
  const bindings = files
    .flatMap(({ components }) => components)
    .filter((component) => isInputBinding(component) !== "no");
  return [...new Set(bindings.map((component) => absolute(bindingRoute(component))))];
}

/** Asked first because nothing runs by it. */
const METHODS: readonly ProbeMethod[] = ["OPTIONS", "POST"];

/** Said by servers and proxies of what is not to be had; an answer that a route's own work does not give. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 405, 410]);

const ANSWER_WITHIN_MS = 30_000;

interface Finding {
  readonly verdict: Verdict;
  readonly evidence: string;
}

async function judgeRoute(route: string, options: NotPublicOptions): Promise<Judgement> {
  const contract = `notPublic(${JSON.stringify(route)})`;
  const findings: Finding[] = [];
  for (const spelling of PATH_SPELLINGS) {
    for (const method of METHODS) {
      if (method === "POST" && options.mayRun === false) continue;
      const finding = await judgeProbe(method, spelling, absolute(route), options);
      if (finding.verdict === "broken") {
        return { contract, verdict: "broken", evidence: [finding.evidence], remedy: remedyFor(route) };
      }
      findings.push(finding);
    }
  }
  const unknown = findings.filter(({ verdict }) => verdict === "unknown").map(({ evidence }) => evidence);
  if (options.mayRun === false) {
    unknown.push(`${contract}: no POST was sent, and only that shows what daprd's call would do.`);
  }
  if (unknown.length > 0) return { contract, verdict: "unknown", evidence: [...new Set(unknown)] };
  const statuses = findings.map(({ evidence }) => evidence);
  return { contract, verdict: "held", evidence: statuses };
}

async function judgeProbe(
  method: ProbeMethod,
  spelling: PathSpelling,
  route: string,
  options: NotPublicOptions,
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

function remedyFor(route: string): string {
  const directory = route.slice(0, route.lastIndexOf("/")) || route;
  return (
    `let main be a proxy that refuses ${directory} in every spelling and passes the rest to the app ` +
    "(fixtures/sites/example-envoy), or set APP_API_TOKEN for daprd and refuse calls without its dapr-api-token header."
  );
}

/** daprd puts a slash before a route that has none. */
function absolute(route: string): string {
  return route.startsWith("/") ? route : `/${route}`;
}
