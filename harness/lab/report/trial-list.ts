import path from "node:path";
import type { Exploration, Tried } from "../exploration.ts";
import { classLetters } from "../order-map.ts";
import { shellWords } from "../../shared/shell-words.ts";
import { command } from "./class-section.ts";
import { markup, type Markup } from "./markup.ts";
import { scheduleWords } from "./schedule-words.ts";
import { timeBars } from "./time-bars.ts";
import { counted, formatTime } from "./words.ts";

/** Every trial, in the order in which they ended; what the map's cells lead to. */
export function trialList(exploration: Exploration, folder: (directory: string) => Markup): Markup {
  const { tried, leftOut } = exploration;
  const letters = classLetters(exploration);
  return markup`<section id="trials" aria-labelledby="trials-title">
    <h2 id="trials-title">Every trial</h2>
    <details>
      <summary>${counted(tried.length, "trial")}</summary>
      <ol class="trials">
        ${tried.map((one, index) => markup`<li id="trial-${index + 1}">${trial(one, letters, folder)}</li> `)}
      </ol>
    </details>
    ${
      leftOut.length > 0 &&
      markup`<details>
        <summary>${counted(leftOut.length, "schedule")} left out for want of time</summary>
        <ul class="left-out">
          ${leftOut.map((key) => markup`<li><code>${key}</code></li>`)}
        </ul>
      </details> `
    }
  </section> `;
}

function trial(
  { schedule, verdict, classes, reason, runDirectory, tookMs, latenessMs, disturbance }: Tried,
  letters: ReadonlyMap<string, string>,
  folder: (directory: string) => Markup,
): Markup {
  return markup`<span class="verdict ${verdict}">${verdict}</span>
    ${scheduleWords(schedule)}${disturbance !== undefined && markup` <span class="source">${disturbance}</span>`}
    ${
      classes.length > 0 &&
      markup`<ul class="classes">
        ${classes.map((key) => classLink(key, letters))}
      </ul>`
    }${reason !== undefined && markup`<p class="reason">${reason}</p>`}
    <p class="folders">
      ${folder(runDirectory)}
      <span class="source">took ${formatTime(tookMs)}, at most ${formatTime(latenessMs)} late</span>
    </p>
    ${runDirectory !== "" && command(replayOf(runDirectory))}`;
}

function classLink(key: string, letters: ReadonlyMap<string, string>): Markup {
  const letter = letters.get(key);
  if (letter === undefined) return markup`<li>${key}</li>`;
  return markup`<li>
    <a href="#class-${letter}"><span class="letter">${letter}</span> ${key}</a>
  </li>`;
}

/** The command that runs a trial's schedule again. */
export function replayOf(runDirectory: string): string {
  return shellWords(["sitecar", "replay", path.relative("", runDirectory)]);
}

/** One panel for each thing that is done to the site beside its start order. */
export function disturbancePanels(exploration: Exploration): Markup | undefined {
  const { disturbances, tried } = exploration;
  if (disturbances.length === 0) return undefined;
  const letters = classLetters(exploration);
  return markup`<section id="disturbances" aria-labelledby="disturbances-title">
    <h2 id="disturbances-title">Disturbances</h2>
    <div class="panels">
      ${disturbances.map(({ name, reason }) => {
        const here = tried.flatMap((one, index) => (one.disturbance === name ? [{ one, index }] : []));
        return markup`<article class="panel">
          <h3>${name}</h3>
          <p>${reason}</p>
          ${here.length === 0 && markup`<p class="reason">Not tried.</p>`}${here.map(
            ({ one, index }) =>
              markup`${timeBars([{ title: one.reason ?? "", verdict: one.verdict, schedule: one.schedule }])}
                ${
                  one.classes.length > 0 &&
                  markup`<ul class="classes">
                    ${one.classes.map((key) => classLink(key, letters))}
                  </ul>`
                }
                <p><a href="#trial-${index + 1}">trial ${index + 1}</a></p> `,
          )}
        </article> `;
      })}
    </div>
  </section> `;
}
