import type { Leftover } from "../../runtime/leftovers.ts";
import { ok, warning, type Finding } from "./finding.ts";

const CHECK = "leftovers";

export function checkLeftovers(leftovers: readonly Leftover[]): readonly Finding[] {
  const of = (...states: Leftover["runner"][]): readonly Leftover[] =>
    leftovers.filter(({ runner }) => states.includes(runner));
  const dead = of("dead", "unreadable");
  const elsewhere = of("elsewhere");
  const alive = new Set(of("alive").map(({ runId }) => runId)).size;
  return [
    dead.length === 0
      ? ok(
          CHECK,
          `none of dead runs${alive === 0 ? "" : `; ${alive} ${alive === 1 ? "run is" : "runs are"} going on`}`,
        )
      : warning(
          CHECK,
          `${dead.length} of dead runs: ${names(dead)}`,
          "nothing has to be done: the next start removes them; `sitecar prune` does it now",
        ),
    ...(elsewhere.length === 0
      ? []
      : [
          warning(
            CHECK,
            `${elsewhere.length} of runs of another machine or container, which can't be told dead from alive: ${names(elsewhere)}`,
            "when nobody uses them any more: `sitecar prune --all`",
          ),
        ]),
  ];
}

const NAMES_SHOWN = 5;

function names(leftovers: readonly Leftover[]): string {
  const shown = leftovers.slice(0, NAMES_SHOWN).map(({ kind, name }) => `${kind} ${name}`);
  return [...shown, ...(leftovers.length > NAMES_SHOWN ? ["…"] : [])].join(", ");
}
