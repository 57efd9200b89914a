import { compareResponse } from "./compare.ts";
import { Deadline, poll } from "../shared/clock.ts";
import type { Difference } from "./difference.ts";
import type { ActualRequest, PactInteraction } from "./pact-file.ts";
import type { Asked, PlayedSide } from "./played-side.ts";
import { bindingInteractions, type ReadPact } from "./read-pact.ts";
import { requestOf } from "./request-of.ts";
import {
  conclude,
  noAnswer,
  resultOf,
  type Ask,
  type InteractionResult,
  type Verification,
} from "./verification.ts";

export interface VerifySidecarOptions {
  /** For the report, for example `daprd 1.14.4`. */
  readonly against: string;
  /** What main asks. Absent: it is not looked at. */
  readonly toSidecar?: ReadPact;
  /** Puts a request to the sidecar. */
  readonly ask: Ask;
  readonly headers?: Readonly<Record<string, string>>;
  /** The main that the sidecar finds, which answers by the other contract. Absent: what the sidecar asks is not looked at. */
  readonly main?: PlayedSide;
  /** The shortest time between two ticks of a binding, by its schedule where the sidecar runs. Absent: not looked at. */
  readonly shortestMs?: (binding: string) => number | undefined;
  /** Resolves when the sidecar has had the time to ask all that it asks. */
  readonly untilAsked?: () => Promise<void>;
  /** Requests that reach main and are not the sidecar's. */
  readonly isPlatforms?: (request: ActualRequest) => boolean;
}

/** How long a sidecar may take for what it asks, if its schedule says nothing. */
const ASKED_MS = 60_000;

/** Does to a sidecar what its main did, and looks at what it answers, and at what it asks its main. */
export async function verifySidecar(options: VerifySidecarOptions): Promise<Verification> {
  const { toSidecar, main } = options;
  const answered: InteractionResult[] = [];
  for (const interaction of toSidecar === undefined ? [] : bindingInteractions(toSidecar)) {
    answered.push(resultOf(interaction, "main-to-sidecar", await answerDiffers(interaction, options)));
  }
  await options.untilAsked?.();
  const asked =
    main === undefined
      ? []
      : bindingInteractions(main.pact).map((one) =>
          resultOf(one, "sidecar-to-main", asksDiffer(one, main.askedFor(one), options)),
        );
  return conclude(options.against, [...asked, ...answered], main?.unstated(options.isPlatforms) ?? []);
}

async function answerDiffers(
  interaction: PactInteraction,
  { ask, headers }: VerifySidecarOptions,
): Promise<readonly Difference[]> {
  try {
    return compareResponse(interaction.response, await ask(requestOf(interaction, headers)));
  } catch (error) {
    return [noAnswer(error, interaction)];
  }
}

function asksDiffer(
  { comments: { sitecar } }: PactInteraction,
  asked: readonly Asked[],
  { shortestMs }: VerifySidecarOptions,
): readonly Difference[] {
  const counted = (stated: string, seen: string): Difference => ({
    field: "requests",
    kind: asked.length === 0 ? "missing" : "changed",
    stated,
    seen,
    breaks: true,
  });
  const differences = asked.flatMap((one) => one.differences);
  if (asked.length === 0) return [counted(sitecar.occurs, "none")];
  if (sitecar.occurs === "once" && asked.length > 1) {
    return [...differences, counted("once", `${asked.length} times`)];
  }
  const shortest = sitecar.tick === undefined ? undefined : shortestMs?.(sitecar.tick.binding);
  if (shortest === undefined) return differences;
  const gaps = asked.slice(1).map(({ atMs }, index) => atMs - (asked[index]?.atMs ?? atMs));
  const tooSoon = gaps.filter((gap) => gap < shortest / 2);
  if (tooSoon.length === 0) return differences;
  return [
    ...differences,
    counted(
      "one for each tick",
      `${tooSoon.length + 1} for one tick, ${Math.round(Math.min(...tooSoon))} ms apart`,
    ),
  ];
}

/** Until each interaction was asked, a tick twice; what is still missing after `withinMs` is told by the verification. */
export async function untilAsked(main: PlayedSide, signal: AbortSignal, withinMs = ASKED_MS): Promise<void> {
  await poll(async () => (allAsked(main) ? true : undefined), { deadline: Deadline.in(withinMs), signal });
}

/** True as soon as each interaction was asked as often as is needed to tell: a tick twice. */
export function allAsked(main: PlayedSide): boolean {
  return bindingInteractions(main.pact).every(
    (one) => main.askedFor(one).length >= (one.comments.sitecar.tick === undefined ? 1 : 2),
  );
}
