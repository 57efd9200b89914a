import { distributionOf, type Distribution } from "../../shared/distribution.ts";
import type { SeenExchange } from "../../wire/exchange.ts";
import type { BuiltInContract, Judgement } from "../contract.ts";
import { disturbancesOf, disturbing, type Disturbance } from "../disturbances.ts";
import { seconds } from "../observation.ts";
import { routePattern } from "../route-pattern.ts";
import type { RunRecord } from "../run-record.ts";
import { round } from "./cadence-bounds.ts";
import { describeRequest, hasEnded, isAnswered, outcomeOf, pathOf } from "./exchanges.ts";
import { doubtsOf, NO_TAP, tapViews, WITH_TAP } from "./tap-view.ts";
import { exact } from "./tick-steps.ts";

/** Lengths are in ms, from a request's first byte to its answer's last. Without any of them, requests have to be answered at all. */
export interface RespondsWithinOptions {
  /** Of every request. */
  readonly mostMs?: number;
  readonly p99Ms?: number;
  readonly p90Ms?: number;
  readonly p50Ms?: number;
  readonly meanMs?: number;
  /** Only requests with this method; for gRPC all are `POST`. */
  readonly method?: string;
  /** Only requests of this container, and to this one. */
  readonly from?: string;
  readonly to?: string;
}

/** The figures of a `respondsWithin` judgement. */
export interface ResponseTimes {
  readonly requests: number;
  readonly unanswered: number;
  /** Of those that were answered. */
  readonly timeMs: Distribution | null;
}

/**
 * Contract: requests on the instances' loopback are answered, and in time, whatever the answer. `unknown` without a tap, and where
 * there was no such request. What a disturbance met is not counted.
 * @param path a pattern such as `/.internal/**`, without query; of gRPC for example `/dapr.proto.runtime.v1.Dapr/InvokeBinding`.
 */
export function respondsWithin(path: string, options: RespondsWithinOptions = {}): BuiltInContract {
  const contract = `respondsWithin(${JSON.stringify(subjectOf(path, options))})`;
  return {
    name: contract,
    promise: `Requests to ${path} are answered in time.`,
    about:
      "Of every request on the instances' loopback whose path matches (`*`: within a segment, `**`: anything), of one `method`, `from` one container or `to` one where that is stated: from its first byte to its answer's last in ms, at most `mostMs`, and by percentile `p99Ms`, `p90Ms`, `p50Ms` and `meanMs`. Any answer will do, but there must be one. What an outage met is not counted. `unknown` without a tap, and where there was no such request.",
    symptoms: ["requests to … get no answer", "requests to … are answered late"],
    judge: (record) => [{ contract, ...judge(record, path, options) }],
  };
}

/** Contracts about other requests to the same path have other names. */
function subjectOf(path: string, { method, from, to }: RespondsWithinOptions): string {
  return [
    ...(method === undefined ? [] : [method.toUpperCase()]),
    path,
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
  ].join(" ");
}

type Found = Omit<Judgement, "contract">;

function judge(record: RunRecord, path: string, options: RespondsWithinOptions): Found {
  const views = tapViews(record);
  if (views.length === 0) return { verdict: "unknown", evidence: [NO_TAP], remedy: WITH_TAP };
  const matches = routePattern(path);
  const { method, from, to } = options;
  const disturbances = disturbancesOf(record);
  const asked = views
    .flatMap(({ exchanges }) => exchanges)
    .filter(
      (exchange) =>
        matches(pathOf(exchange)) &&
        (method === undefined || exchange.request.method === method.toUpperCase()) &&
        (from === undefined || exchange.from.container === from) &&
        (to === undefined || exchange.to.container === to) &&
        !isDisturbed(disturbances, exchange, record.observedUntilMs),
    );
  const { mostMs = Number.POSITIVE_INFINITY } = options;
  const lengths = asked
    .filter(isAnswered)
    .map(({ times }) => exact((times.endMs ?? times.startMs) - times.startMs));
  // One that is still under way at the end has not failed by that.
  const unanswered = asked.filter(
    (exchange) =>
      !isAnswered(exchange) &&
      (hasEnded(exchange) ||
        (exchange.end.how === "open" && record.observedUntilMs - exchange.times.startMs > mostMs)),
  );
  const timeMs = distributionOf(lengths);
  const figures: readonly ResponseTimes[] = [
    { requests: asked.length, unanswered: unanswered.length, timeMs },
  ];
  const told = [
    `${asked.length} requests, ${unanswered.length} without an answer`,
    ...(timeMs === null
      ? []
      : [
          `answered after mean ${round(timeMs.mean)}, p50 ${round(timeMs.p50)}, p90 ${round(timeMs.p90)}, p99 ${round(timeMs.p99)}, at most ${round(timeMs.most)} ms`,
        ]),
  ];
  const remedy = "see what the one that was asked did at that time: sitecar tap, its log, its processor.";
  if (unanswered.length > 0) {
    return {
      verdict: "broken",
      symptom: `requests to ${path} get no answer`,
      evidence: [...unanswered.slice(0, 3).map(describe), ...told],
      remedy,
      figures,
    };
  }
  const late = timeMs === null ? [] : lateBy(timeMs, options);
  if (late.length > 0) {
    return {
      verdict: "broken",
      symptom: `requests to ${path} are answered late`,
      evidence: [...late, ...told],
      remedy,
      figures,
    };
  }
  if (timeMs !== null) return { verdict: "held", evidence: told, figures };
  const containers = record.plan.containers.map(({ name }) => name);
  const doubts = views.flatMap((view) => containers.flatMap((name) => doubtsOf(view, name)));
  return {
    verdict: "unknown",
    evidence: [...new Set([`no request to ${path} was seen`, ...doubts])],
    figures,
  };
}

function lateBy(timeMs: Distribution, options: RespondsWithinOptions): readonly string[] {
  const limits = [
    ["at most", timeMs.most, options.mostMs],
    ["p99", timeMs.p99, options.p99Ms],
    ["p90", timeMs.p90, options.p90Ms],
    ["p50", timeMs.p50, options.p50Ms],
    ["mean", timeMs.mean, options.meanMs],
  ] as const;
  return limits.flatMap(([what, value, limit]) =>
    limit !== undefined && value > limit ? [`${what} ${round(value)} ms, held to ${limit} ms`] : [],
  );
}

function isDisturbed(
  disturbances: readonly Disturbance[],
  { instance, times: { startMs, endMs } }: SeenExchange,
  untilMs: number,
): boolean {
  return disturbing(disturbances, instance).some(
    ({ kind, fromMs, backMs }) => kind === "outage" && fromMs <= (endMs ?? untilMs) && startMs <= backMs,
  );
}

function describe(exchange: SeenExchange): string {
  return `${describeRequest(exchange)} at +${seconds(exchange.times.startMs)}: ${outcomeOf(exchange)}`;
}
