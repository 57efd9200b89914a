import { createHash } from "node:crypto";
import path from "node:path";
import type { Exploration } from "../exploration.ts";
import { classLetters } from "../order-map.ts";
import { verdictOf } from "../verdict-of.ts";
import { classSection } from "./class-section.ts";
import { figuresSection } from "./figures.ts";
import { markup, Markup } from "./markup.ts";
import { mapSection, patterns } from "./map-section.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { disturbancePanels, trialList } from "./trial-list.ts";
import { counted } from "./words.ts";

/**
 * The report as one page that asks nothing of anyone: no request, no script but its own (held to by its content security
 * policy), and every text that comes from the site escaped.
 * @param directory where the page will lie: run folders are linked relative to it.
 */
export function reportPage(exploration: Exploration, directory: string): string {
  const letters = classLetters(exploration);
  const folder = folderLink(directory);
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${exploration.site}: ${verdictOf(exploration)} under its start orders</title>
        <style>${new Markup(PAGE_STYLE)}</style>
      </head>
      <body>
        ${patterns()}
        <header>${headline(exploration)}</header>
        <main>
          ${mapSection(exploration)}${disturbancePanels(exploration)}${
            exploration.classes.length > 0 &&
            markup`<section id="classes" aria-labelledby="classes-title">
              <h2 id="classes-title">What breaks</h2>
              ${exploration.classes.map((one) => classSection(one, letters.get(one.key) ?? "", folder))}
            </section> `
          }${trialList(exploration, folder)}${figuresSection(exploration)}
        </main>
        <script>${new Markup(PAGE_SCRIPT)}</script>
      </body>
    </html>
`;
  return page.text;
}

/** Nothing may be loaded, sent or run but this page's own style and script. */
function policy(): string {
  return [
    "default-src 'none'",
    `style-src '${digest(PAGE_STYLE)}'`,
    `script-src '${digest(PAGE_SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function headline(exploration: Exploration): Markup {
  const { site, tried, classes, containers, points, leftOut, shard } = exploration;
  const verdict = verdictOf(exploration);
  const count = (one: string): number => tried.filter((trial) => trial.verdict === one).length;
  const letters = classLetters(exploration);
  return markup`<h1><span class="verdict ${verdict}">${verdict}</span> ${site}</h1>
    <p>
      ${containers.join(", ")}: ${counted(tried.length, "schedule")} of ${points}
      tried${shard !== undefined && markup` (shard ${shard.index} of ${shard.of})`}:
      <span class="count held">${count("held")} held</span>,
      <span class="count broken">${count("broken")} broken</span>,
      <span class="count unknown">${count("unknown")} unknown</span
      >${leftOut.length > 0 && markup`, ${leftOut.length} left out for want of time`}.
    </p>
    ${
      classes.length > 0 &&
      markup`<ol class="contents">
        ${classes.map(
          ({ key, judgement }) =>
            markup`<li>
              <a href="#class-${letters.get(key)}"><span class="letter">${letters.get(key)}</span> ${key}</a>
              <span class="source">${judgement}</span>
            </li>`,
        )}
      </ol> `
    }`;
}

/** Relative to the page, so that the folder with everything in it can be moved. */
function folderLink(directory: string): (runDirectory: string) => Markup {
  return (runDirectory) => {
    if (runDirectory === "") return markup`<span>no folder is kept</span>`;
    const relative = path.relative(directory, path.resolve(runDirectory));
    const address = relative.split(path.sep).map(encodeURIComponent).join("/");
    return markup`<a class="folder" href="./${address}/">${runDirectory}</a>`;
  };
}
