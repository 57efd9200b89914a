import { compareResponse } from "./compare.ts";
import type { Difference } from "./difference.ts";
import type { PactInteraction } from "./pact-file.ts";
import type { PlayedSide } from "./played-side.ts";
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

export interface VerifyMainOptions {
  /** For the report. */
  readonly against: string;
  /** What daprd asks. */
  readonly toMain: ReadPact;
  /** Puts a request to main. */
  readonly ask: Ask;
  /** The sidecar that main finds, which answers by the other contract. Absent: what main asks is not looked at. */
  readonly sidecar?: PlayedSide;
  /** In the place of recorded ones, as a token that was masked. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A tick is sent so often: the first one finds a client that is not connected yet. */
const TICKS = 2;

/** Does to a main what its daprd did, and looks at what it answers, and at what it asks meanwhile. */
export async function verifyMain(options: VerifyMainOptions): Promise<Verification> {
  const { toMain, ask, sidecar } = options;
  const answers = new Map<string, Difference[]>();
  const inner = new Map<string, Difference[]>();
  for (const interaction of inOrder(bindingInteractions(toMain))) {
    const own: Difference[] = [];
    answers.set(interaction.key, own);
    for (let sent = 0; sent < (interaction.comments.sitecar.tick === undefined ? 1 : TICKS); sent++) {
      const before = sidecar?.asked.length ?? 0;
      try {
        own.push(
          ...compareResponse(interaction.response, await ask(requestOf(interaction, options.headers))),
        );
      } catch (error) {
        own.push(noAnswer(error, interaction));
      }
      if (sidecar === undefined) continue;
      for (const one of expectedDuring(sidecar.pact, interaction)) {
        const times = sidecar.asked
          .slice(before)
          .filter((asked) => asked.interaction?.key === one.key).length;
        inner.set(one.key, [...(inner.get(one.key) ?? []), ...timesDiffer(one, times, interaction)]);
      }
    }
  }
  return conclude(
    options.against,
    [
      ...bindingInteractions(toMain).map((one) =>
        resultOf(one, toMain.direction, answers.get(one.key) ?? []),
      ),
      ...(sidecar === undefined ? [] : asksOf(sidecar, inner)),
    ],
    sidecar?.unstated() ?? [],
  );
}

/** What main asked, held against what it is stated to ask. */
function asksOf(
  sidecar: PlayedSide,
  inner: ReadonlyMap<string, readonly Difference[]>,
): readonly InteractionResult[] {
  return bindingInteractions(sidecar.pact).map((one) => {
    const asked = sidecar.askedFor(one);
    const counted = inner.get(one.key) ?? [];
    const never: Difference = {
      field: "requests",
      kind: "missing",
      stated: one.comments.sitecar.occurs,
      breaks: false,
    };
    return resultOf(one, sidecar.pact.direction, [
      ...asked.flatMap(({ differences }) => differences),
      ...counted,
      ...(asked.length === 0 && counted.length === 0 ? [never] : []),
    ]);
  });
}

/** First what comes once, as daprd asks for the configuration and the subscription before any tick. */
function inOrder(interactions: readonly PactInteraction[]): readonly PactInteraction[] {
  const [once = [], repeatedly = []] = (["once", "repeatedly"] as const).map((occurs) =>
    interactions.filter(({ comments }) => comments.sitecar.occurs === occurs),
  );
  return [...once, ...repeatedly];
}

function expectedDuring(toSidecar: ReadPact, { key }: PactInteraction): readonly PactInteraction[] {
  return bindingInteractions(toSidecar).filter(
    ({ comments: { sitecar } }) => sitecar.during?.key === key && sitecar.during.times !== undefined,
  );
}

function timesDiffer(
  { comments }: PactInteraction,
  times: number,
  { description }: PactInteraction,
): readonly Difference[] {
  const stated = comments.sitecar.during?.times;
  if (stated === times) return [];
  return [
    {
      field: "requests",
      kind: "changed",
      stated: `${stated} during "${description}"`,
      seen: String(times),
      breaks: true,
    },
  ];
}
