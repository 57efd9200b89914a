import { Deadline } from "../../shared/clock.ts";
import { readResources, type ResourceFile } from "../read-resources.ts";
import { readResiliencies } from "../resiliency.ts";
import { factsOf } from "../versions/versions.ts";
import { optionsRequest, tickRequest, type AppRequestOptions } from "./app-request.ts";
import { channelTo, type AppAnswer, type AppChannel, type TickTarget } from "./app.ts";
import { inboundRetries } from "./inbound-retries.ts";
import { findInputBinding, isAskedFirst, targetOf } from "./input-binding.ts";

export type { AppAnswer, FetchLike, TickTarget } from "./app.ts";

export interface TickOptions {
  /** Dapr component files, or folders of them, as paths: the deployed ones. */
  readonly resources: string | readonly string[];
  /** Of daprd. Default: the newest that the twin knows. */
  readonly version?: string;
  /** `--app-id`. Default `main`. */
  readonly appId?: string;
  /** What daprd's `APP_API_TOKEN` holds. Default: none is sent. */
  readonly appApiToken?: string;
  /** `--app-port`, for an app that is given without an address. Default 9000. */
  readonly appPort?: number;
  /** When the binding fires. Default: now. */
  readonly firedAt?: Date;
  /** How often it is posted again at most. Default: as a Resiliency resource among the files says, else 0. */
  readonly retries?: number;
  /** Ends the waiting for a POST's answer; daprd itself waits without end. */
  readonly signal?: AbortSignal;
  /** How long an answer to OPTIONS is waited for. Default: as daprd does, 3,000 ms. */
  readonly optionsLimitMs?: number;
}

/** What a tick came to. */
export interface TickResult {
  /**
   * - `delivered`: daprd counts it as a success.
   * - `failed`: daprd counts it as failed, says so at log level debug only, and does not send it again.
   * - `not-subscribed`: the app's answer to OPTIONS refuses the binding; it is silent until daprd starts again.
   * - `not-started`: OPTIONS had no answer; the binding, and perhaps others, is silent until daprd starts again.
   */
  readonly outcome: "delivered" | "failed" | "not-subscribed" | "not-started";
  /** Path and query that were asked for. */
  readonly target: string;
  /** The app's answer to OPTIONS; absent: daprd does not ask, since the component says `direction: input`. */
  readonly options?: AppAnswer;
  /** The app's answers to each POST; several only under a retry policy. */
  readonly posts: readonly AppAnswer[];
  /** In a sentence, with the remedy where there is one. */
  readonly explanation: string;
}

/**
 * Fires a cron binding once: sends the app exactly what daprd sends, and says what daprd makes of the answer. It asks OPTIONS first
 * where daprd does when it begins to read the binding.
 *
 * @throws {SitecarError} BINDING_UNKNOWN, FILE_NOT_READABLE, TWIN_NOT_COVERED
 */
export async function tick(app: TickTarget, binding: string, options: TickOptions): Promise<TickResult> {
  const { resources, appPort = 9000 } = options;
  const facts = factsOf(options.version);
  const files = await readResources(typeof resources === "string" ? [resources] : resources);
  const component = findInputBinding(files, binding);
  const target = targetOf(component);
  const channel = channelTo(app, `127.0.0.1:${appPort}`);
  const request: AppRequestOptions = {
    facts,
    host: channel.host,
    target,
    ...(options.appApiToken === undefined ? {} : { appApiToken: options.appApiToken }),
  };

  if (isAskedFirst(component)) {
    const deadline = Deadline.in(options.optionsLimitMs ?? facts.optionsLimitMs);
    const answer = await channel.send(optionsRequest(request), deadline.signal());
    const refusal = refusalOf(answer);
    if (refusal !== undefined) return { ...refusal, target, options: answer, posts: [] };
    return {
      ...(await post(channel, request, policyOf(options, files, binding))),
      target,
      options: answer,
    };
  }
  return { ...(await post(channel, request, policyOf(options, files, binding))), target };
}

interface PostPolicy extends Pick<TickOptions, "signal"> {
  readonly retries: number;
  readonly firedAt: bigint;
}

function policyOf(options: TickOptions, files: readonly ResourceFile[], binding: string): PostPolicy {
  return {
    retries: options.retries ?? inboundRetries(readResiliencies(files, options.appId ?? "main"), binding),
    firedAt: nanosecondsOf(options.firedAt),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}

/** A clock of microseconds at least: Go writes nanoseconds. */
function nanosecondsOf(firedAt: Date | undefined): bigint {
  if (firedAt !== undefined) return BigInt(firedAt.getTime()) * 1_000_000n;
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}

type Refusal = Pick<TickResult, "outcome" | "explanation">;

/** 2xx and 405 are a yes (daprd.md §1.1). */
function refusalOf(answer: AppAnswer): Refusal | undefined {
  if (answer.status === null) {
    return {
      outcome: "not-started",
      explanation: `The app gave OPTIONS no answer (${answer.reason}): daprd does not begin to read this binding, nor perhaps others, until it starts again. Give the component direction: input.`,
    };
  }
  if (isSuccess(answer) || answer.status === 405) return undefined;
  return {
    outcome: "not-subscribed",
    explanation: `The app answered ${answer.status} to OPTIONS: daprd never reads this binding. Give the component direction: input.`,
  };
}

async function post(
  channel: AppChannel,
  request: AppRequestOptions,
  { retries, firedAt, signal }: PostPolicy,
): Promise<Pick<TickResult, "outcome" | "posts" | "explanation">> {
  const posts: AppAnswer[] = [];
  let answer: AppAnswer;
  do {
    answer = await channel.send(tickRequest({ ...request, firedAt, isKept: retries > 0 }), signal);
    posts.push(answer);
    // Under a retry policy only 200 is a success, also of the last answer (seen on 1.18.2).
  } while (answer.status !== 200 && posts.length <= retries);
  const delivered = retries > 0 ? answer.status === 200 : isSuccess(answer);
  return {
    outcome: delivered ? "delivered" : "failed",
    posts,
    explanation: explain(answer, delivered, posts.length),
  };
}

function isSuccess({ status }: AppAnswer): boolean {
  return status !== null && status >= 200 && status < 300;
}

function explain(answer: AppAnswer, delivered: boolean, posts: number): string {
  const said = answer.status === null ? `gave no answer (${answer.reason})` : `answered ${answer.status}`;
  const often = posts === 1 ? "" : ` in the end, after daprd had posted it ${posts} times`;
  if (delivered) return `The app ${said}${often}: delivered.`;
  if (isSuccess(answer)) {
    return `The app ${said}${often}: under a retry policy only 200 is a success. Answer 200.`;
  }
  const redirected = answer.status !== null && answer.status >= 300 && answer.status < 400;
  return `The app ${said}${often}${redirected ? ", which daprd does not follow" : ""}: the tick is lost, and daprd says so at log level debug only.`;
}
