import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportPage } from "../../harness/lab/report/report-page.ts";
import * as explorations from "../../harness/lab/test-support/explorations.ts";
import { findChromium, openChromium } from "../support/chromium.ts";

const { allHeld, exampleSite, fiveContainers, hostile, race, sampled, twoContainers } = explorations;
const ALL = { allHeld, exampleSite, fiveContainers, hostile, race, sampled, twoContainers };

const executable = await findChromium();
let browser: Browser | undefined;
let directory: string;
beforeAll(async () => {
  if (executable !== undefined) browser = await openChromium(executable);
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-report-"));
});
afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true });
});

/** What the page asked for, and what the browser complained of. */
interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly asked: readonly string[];
}

interface Look {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
}

/** The report from `file://`, as whoever gets it opens it. */
async function open(
  make: () => ReturnType<typeof exampleSite>,
  { width = 1200, ...look }: Look = {},
): Promise<Opened> {
  const file = path.join(directory, `${make.name}.html`);
  await writeFile(file, reportPage(make(), directory));
  const context = await present(browser).newContext({ viewport: { width, height: 900 }, ...look });
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => asked.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return {
    page,
    complaints,
    get asked() {
      return asked.filter((one) => one.split("#", 1)[0] !== url);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** @throws {Error} where there is no browser, which no test that runs asks for. */
function present(opened: Browser | undefined): Browser {
  if (opened === undefined) throw new Error("no Chromium was opened");
  return opened;
}

/** Texts of a drawing that lie over each other, or are cut by its edge. As text: it runs in the page. */
const BADLY_PLACED = `[...document.querySelectorAll("figure svg")].flatMap((drawing) => {
  const inside = (text, edge) =>
    text.left >= edge.left - 1 && text.right <= edge.right + 1 && text.top >= edge.top - 1 && text.bottom <= edge.bottom + 1;
  const meet = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3;
  const edge = drawing.getBoundingClientRect();
  const texts = [...drawing.querySelectorAll("text")].map((text) => ({
    content: text.textContent,
    box: text.getBoundingClientRect(),
  }));
  return texts.flatMap(({ content, box }, index) => [
    ...(inside(box, edge) ? [] : ['"' + content + '" is cut']),
    ...texts.slice(index + 1).flatMap((other) =>
      meet(box, other.box) ? ['"' + content + '" over "' + other.content + '"'] : []),
  ]);
})`;

// The machine's own: where there is none, these are told as skipped.
describe.skipIf(executable === undefined)("the report in Chromium", () => {
  test.for([
    [1200, "light"],
    [400, "dark"],
  ] as const)(
    "%d wide and %s, nothing is cut, overlaps, is asked for or complained of",
    async ([width, colorScheme]) => {
      for (const make of Object.values(ALL)) {
        await using opened = await open(make, { width, colorScheme });
        const { page } = opened;
        expect
          .soft(await page.evaluate<number>("document.documentElement.scrollWidth"), make.name)
          .toBeLessThanOrEqual(width);
        expect.soft(await page.evaluate<string[]>(BADLY_PLACED), make.name).toEqual([]);
        expect.soft(opened.complaints, make.name).toEqual([]);
        expect.soft(opened.asked, make.name).toEqual([]);
        const paper = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
        expect.soft(paper).toBe(colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(22, 25, 29)");
      }
    },
  );

  test("a place on the map tells its trial when it is pointed at, and by the keyboard alone", async () => {
    await using opened = await open(exampleSite);
    const { page } = opened;
    const map = page.locator("svg.map[role=group]").nth(4);
    await map.locator("a.cell").first().focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    const detail = page.locator("#detail");
    await detail.getByText("storage after dapr 7 s, main after storage 500 ms: broken A").waitFor();
    expect(await detail.innerText()).toMatch(/dapr 0 · storage \+7\.0 s · main \+7\.5 s[^]*sitecar replay/);
    await map.locator("a.cell").first().hover();
    await detail.getByText("storage after dapr next, main after storage next").waitFor();
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "hidden" });
    // One stop for each map: the rest of the page is not behind a hundred places.
    expect(await map.locator('a.cell[tabindex="0"]').count()).toBe(1);
  });

  test("a place leads to its trial in the list, also without the page's script", async () => {
    for (const javaScriptEnabled of [true, false]) {
      await using opened = await open(exampleSite, { javaScriptEnabled });
      const { page } = opened;
      const cell = page.locator("a.cell").first();
      const target = await cell.getAttribute("href");
      await cell.click();
      await page.locator(`li${target}`).waitFor({ state: "visible" });
      expect(new URL(page.url()).hash).toBe(target);
    }
  });

  test("a command is copied, or selected to be", async () => {
    await using opened = await open(exampleSite);
    const { page } = opened;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const command = page.locator("#class-A .command");
    await command.getByRole("button").click();
    await command.getByText("copied").waitFor();
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe(
      exampleSite().classes[0]?.replayCommand,
    );
  });

  test("on paper it has every trial, and no buttons", async () => {
    await using opened = await open(twoContainers);
    const { page } = opened;
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("button.copy").first().isVisible()).toBe(false);
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });
});
