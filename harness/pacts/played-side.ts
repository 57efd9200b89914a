import { compareRequest, splitPath } from "./compare.ts";
import type { Difference } from "./difference.ts";
import { satisfies } from "./match-value.ts";
import type { ActualRequest, ActualResponse, PactInteraction } from "./pact-file.ts";
import { bindingInteractions, type ReadPact } from "./read-pact.ts";
import { responseOf } from "./request-of.ts";
import { operationIn } from "./spoken.ts";
import type { UnstatedRequest } from "./verification.ts";

/** A request that a played side was asked. */
export interface Asked {
  readonly atMs: number;
  readonly request: ActualRequest;
  /** The stated one that it is nearest to. Absent: the contract states none of its method and path. */
  readonly interaction?: PactInteraction;
  readonly differences: readonly Difference[];
}

/** Answers as the provider of a contract does, and keeps what it was asked and in what that differs from the contract. */
export class PlayedSide {
  readonly pact: ReadPact;
  readonly #asked: Asked[] = [];

  constructor(pact: ReadPact) {
    this.pact = pact;
  }

  get asked(): readonly Asked[] {
    return this.#asked;
  }

  /** @param atMs when the request came, on any clock that goes evenly. */
  answer(request: ActualRequest, atMs: number): ActualResponse {
    const interaction = this.#nearest(request);
    if (interaction === undefined) {
      this.#asked.push({ atMs, request, differences: [] });
      return {
        status: 404,
        headers: [["Content-Type", "text/plain; charset=utf-8"]],
        body: Buffer.from(`sitecar: the contract states no ${request.method} ${request.path}\n`),
      };
    }
    this.#asked.push({
      atMs,
      request,
      interaction,
      differences: compareRequest(interaction.request, request),
    });
    return responseOf(interaction);
  }

  /** Of one interaction, in the order of their coming. */
  askedFor({ key }: PactInteraction): readonly Asked[] {
    return this.#asked.filter(({ interaction }) => interaction?.key === key);
  }

  /** @param isPlatforms what does not come from the other side, as the platform's own pings. */
  unstated(isPlatforms: (request: ActualRequest) => boolean = () => false): readonly UnstatedRequest[] {
    const foreign = this.#asked.filter(
      ({ interaction, request }) => interaction === undefined && !isPlatforms(request),
    );
    const { direction } = this.pact;
    return [
      ...Map.groupBy(foreign, ({ request: { method, path } }) => JSON.stringify([method, path])).values(),
    ].flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { method, path } = first.request;
      return [{ direction, method, path, times: same.length }];
    });
  }

  #nearest(request: ActualRequest): PactInteraction | undefined {
    const { pathname } = splitPath(request.path);
    const candidates = bindingInteractions(this.pact).filter(
      ({ request: { method, path, matchingRules } }) =>
        method === request.method &&
        (matchingRules?.path === undefined
          ? path === pathname
          : satisfies(matchingRules.path, path, pathname)),
    );
    const operation = operationIn(request.body);
    const breaking = (candidate: PactInteraction): number =>
      compareRequest(candidate.request, request).filter(({ breaks }) => breaks).length;
    const otherOperation = ({ request: { body } }: PactInteraction): boolean =>
      body !== undefined && operationIn(Buffer.from(JSON.stringify(body.content))) !== operation;
    return candidates.toSorted(
      (a, b) => Number(otherOperation(a)) - Number(otherOperation(b)) || breaking(a) - breaking(b),
    )[0];
  }
}
