import type { Diagnosis, Evidence } from "../../diagnosis/diagnosis.ts";
import type { FailingClass } from "../exploration.ts";
import { describeClass } from "../describe-class.ts";
import { markup, type Markup } from "./markup.ts";
import { scheduleWords } from "./schedule-words.ts";
import { thresholdScale } from "./threshold-scale.ts";
import { timeBars } from "./time-bars.ts";
import { counted, formatRepeats, formatTime, meaningOf } from "./words.ts";

/** One way in which the site fails: what, when, why, what to do, and how to see it again. */
export function classSection(
  one: FailingClass,
  letter: string,
  folder: (directory: string) => Markup,
): Markup {
  const { judgement, repeats, heldRepeats, threshold, evidence, diagnoses, nearestHeld, foundBy } = one;
  return markup`<section class="class" id="class-${letter}" aria-labelledby="class-${letter}-title">
    <h3 id="class-${letter}-title"><span class="letter">${letter}</span> ${describeClass(one)}</h3>
    <p class="judgement">
      <strong>${judgement}</strong>: ${meaningOf(one)}. The smallest schedule:
      ${formatRepeats(repeats)}.${heldRepeats !== undefined && markup` The nearest that holds: ${formatRepeats(heldRepeats)}.`}
      On the map:
      ${counted(one.points, "schedule")}.${foundBy !== undefined && markup` Found while ${foundBy} was narrowed down.`}
    </p>
    ${timeBars([
      { title: "smallest that breaks", verdict: "broken", schedule: one.smallest },
      ...(nearestHeld === undefined
        ? []
        : [{ title: "nearest that holds", verdict: "held" as const, schedule: nearestHeld }]),
    ])}
    ${threshold !== undefined && thresholdScale(threshold)}${one.furtherThresholds?.map(thresholdScale)}
    ${
      evidence.length > 0 &&
      markup`<h4>Seen</h4>
        <ul class="evidence">
          ${evidence.map((seen) => markup`<li>${seen}</li>`)}
        </ul> `
    }
    ${diagnoses.length === 0 ? markup`<p class="cause">No rule knows a cause.</p> ` : diagnoses.map(diagnosis)}
    <h4>Again</h4>
    ${command(one.replayCommand)}
    <p class="folders">
      ${scheduleWords(one.smallest)}:
      ${folder(one.runDirectory)}${one.heldRunDirectory !== undefined && markup`<br />holds: ${folder(one.heldRunDirectory)}`}
    </p>
  </section> `;
}

function diagnosis({ cause, source, rule, evidence, remedies }: Diagnosis): Markup {
  return markup`<div class="diagnosis">
    <h4>Cause</h4>
    <p class="cause">${cause} <span class="source">${source}, rule ${rule}</span></p>
    ${
      evidence.length > 0 &&
      markup`<ul class="evidence">
        ${evidence.map(quoted)}
      </ul> `
    }
    ${
      remedies.length > 0 &&
      markup`<h4>Fix</h4>
        <ol class="remedies">
          ${remedies.map(({ text }) => markup`<li>${text}</li>`)}
        </ol> `
    }
  </div> `;
}

function quoted({ source, tMs, quote }: Evidence): Markup {
  return markup`<li>
    <span class="source">${source}${tMs !== undefined && markup` at ${formatTime(tMs)}`}</span> <q>${quote}</q>
  </li>`;
}

/** A line to paste, with a button where the page's script runs. */
export function command(line: string): Markup {
  return markup`<p class="command">
    <code>${line}</code> <button type="button" class="copy" hidden>copy</button>
  </p> `;
}
