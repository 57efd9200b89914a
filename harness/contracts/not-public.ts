import { bindingRoute, isInputBinding, type ComponentFile } from "../dapr/component-files.ts";
import type { EventOf } from "../timeline/events.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { observed } from "./observation.ts";
import { routePattern } from "./route-pattern.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * Contract: nobody outside the site reaches these routes. Judged by the probes that `probePublicRoutes` made of the run, for each
 * input binding's route and each probed one that matches; `unknown` where nobody probed, since no other record shows what
 * a stranger would have been answered.
 * @param pattern such as `/.internal/**`.
 */
export function notPublic(pattern: string): BuiltInContract {
  return {
    name: `notPublic(${JSON.stringify(pattern)})`,
    promise: `Nobody outside the site reaches ${pattern}.`,
    about:
      "By what `probePublicRoutes` was answered while the site ran: it asks for each route as the public could, in every spelling that some server takes for it, and a `POST` that gets through runs the work, once. One judgement for each input binding's route and each probed one that matches. `unknown` where nobody asked: nothing else shows what a stranger would have been answered, so it is not for explorations.",
    symptoms: ["anyone reaches …"],
    judge: (record) => {
      const probes = observed(record, "route.probed");
      const routes = routesOf(record, probes).filter(routePattern(pattern));
      if (routes.length === 0) return [judgeProbes(pattern, [])];
      return routes.map((route) => judgeProbes(route, probesOf(probes, route)));
    },
  };
}

/** The routes that daprd calls for the input bindings of these files, also where only daprd knows whether it will. */
export function inputBindingRoutes(files: readonly ComponentFile[]): readonly string[] {
  const bindings = files
    .flatMap(({ components }) => components)
    .filter((component) => isInputBinding(component) !== "no");
  return [...new Set(bindings.map((component) => absolute(bindingRoute(component))))];
}

/** daprd puts a slash before a route that has none. */
export function absolute(route: string): string {
  return route.startsWith("/") ? route : `/${route}`;
}

/** What probes of a route show together. Without a `POST`, it is not known what daprd's call would do. */
export function judgeProbes(
  route: string,
  probes: readonly Pick<EventOf<"route.probed">, "method" | "verdict" | "evidence">[],
): Judgement {
  const contract = `notPublic(${JSON.stringify(route)})`;
  const told = (verdict: Judgement["verdict"]): string[] => [
    ...new Set(probes.filter((probe) => probe.verdict === verdict).map(({ evidence }) => evidence)),
  ];
  const broken = told("broken");
  if (broken.length > 0) {
    return {
      contract,
      verdict: "broken",
      symptom: `anyone reaches ${route}`,
      evidence: broken,
      remedy: remedyFor(route),
    };
  }
  if (probes.length === 0) {
    return {
      contract,
      verdict: "unknown",
      evidence: ["nobody asked for it as the public could"],
      remedy:
        "ask while the site runs: await probePublicRoutes({ url: site.url, routes, timeline: site.timeline, signal }).",
    };
  }
  const unknown = told("unknown");
  if (!probes.some(({ method }) => method === "POST")) {
    unknown.push(`${contract}: no POST was sent, and only that shows what daprd's call would do.`);
  }
  if (unknown.length > 0) return { contract, verdict: "unknown", evidence: unknown };
  return { contract, verdict: "held", evidence: told("held") };
}

function routesOf(
  { componentFiles }: RunRecord,
  probes: readonly EventOf<"route.probed">[],
): readonly string[] {
  const files = [...componentFiles.values()].flat();
  return [...new Set([...inputBindingRoutes(files), ...probes.map(({ route }) => absolute(route))])];
}

function probesOf(
  probes: readonly EventOf<"route.probed">[],
  wanted: string,
): readonly EventOf<"route.probed">[] {
  return probes.filter(({ route }) => absolute(route) === wanted);
}

function remedyFor(route: string): string {
  const directory = route.slice(0, route.lastIndexOf("/")) || route;
  return (
    `let main be a proxy that refuses ${directory} in every spelling and passes the rest to the app ` +
    "(fixtures/sites/example-envoy), or set APP_API_TOKEN for daprd and refuse calls without its dapr-api-token header."
  );
}
