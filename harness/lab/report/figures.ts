import type { Exploration } from "../exploration.ts";
import { markup, type Markup } from "./markup.ts";
import { formatTime } from "./words.ts";

/** Name and value of everything that tells how an exploration was made, for the page and for the terminal. */
export function figureRows(exploration: Exploration): readonly (readonly [name: string, value: string])[] {
  const { figures, tried, points, leftOut, tookMs, budgetMs, seed, shard, began, version, inputs } =
    exploration;
  const { lateness, memoryBytes, processorSeconds } = figures;
  const perMinute = tookMs > 0 ? ((figures.trials / tookMs) * 60_000).toFixed(0) : "0";
  return [
    ["site's files", inputs.join(" ")],
    ["began", began],
    ["took", `${formatTime(tookMs)} of ${formatTime(budgetMs)}`],
    ["schedules", `${tried.length} of ${points} tried, ${leftOut.length} left out`],
    ...(shard === undefined ? [] : [["shard", `${shard.index} of ${shard.of}`] as const]),
    ["seed", String(seed)],
    [
      "trials",
      `${figures.trials}, ${figures.repeated} of them again because the machine was busy; ${perMinute} a minute`,
    ],
    ["at once", `${figures.mostAtOnce} at most, on ${figures.benches} benches`],
    [
      "lateness of starts",
      `median ${formatTime(lateness.medianMs)}, 95 % within ${formatTime(lateness.p95Ms)}, at most ${formatTime(lateness.mostMs)}`,
    ],
    [
      "used",
      `${processorSeconds.toFixed(0)} s of processor, ${(memoryBytes / 2 ** 20).toFixed(0)} MiB of memory, ${figures.engineCalls} engine calls`,
    ],
    ["sitecar", version],
  ];
}

export function figuresSection(exploration: Exploration): Markup {
  const { contracts, grid, differences } = exploration;
  return markup`<section id="figures" aria-labelledby="figures-title">
    <h2 id="figures-title">How it was made</h2>
    <dl class="figures">
      ${figureRows(exploration).map(
        ([name, value]) =>
          markup`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${
      differences.length > 0 &&
      markup`<h3>Different from the site as deployed</h3>
        <ul>
          ${differences.map((text) => markup`<li>${text}</li>`)}
        </ul> `
    }
    <h3>Contracts</h3>
    <dl>
      ${contracts.map(
        ({ name, promise }) =>
          markup`<dt>${name}</dt>
            <dd>${promise}</dd>`,
      )}
    </dl>
    <h3>Delays</h3>
    <dl>
      ${grid.map(
        ({ ms, reason }) =>
          markup`<dt>${ms === 0 ? "next" : formatTime(ms)}</dt>
            <dd>${reason}</dd>`,
      )}
    </dl>
  </section> `;
}
