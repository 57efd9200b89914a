import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as explorations from "../test-support/explorations.ts";
import { reportPage } from "./report-page.ts";

const { allHeld, exampleSite, fiveContainers, hostile, race, sampled, twoContainers } = explorations;
const DIRECTORY = "/tmp/explorations/one";

const ALL = { allHeld, exampleSite, fiveContainers, hostile, race, sampled, twoContainers };

function sha256(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** The text between the tags, which must stand in the page once. */
function only(page: string, tag: "style" | "script"): string {
  const [found, ...more] = [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"))];
  expect(more).toEqual([]);
  return found?.[1] ?? "";
}

describe.each(Object.entries(ALL))("the page of %s", (_, make) => {
  const page = reportPage(make(), DIRECTORY);

  it("asks nothing of anyone, and says so to the browser", () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page.replaceAll("\n", " "))?.[1] ?? "";
    const directives = policy.replaceAll("&#39;", "'").split("; ");
    expect(directives).toEqual([
      "default-src 'none'",
      `style-src ${sha256(only(page, "style"))}`,
      `script-src ${sha256(only(page, "script"))}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/https?:|<link|@import|url\((?!#)/);
    // The policy would refuse them, and the page would not look or work as it does here.
    expect(page.replaceAll(/"[^"]*"/g, "")).not.toMatch(/<[a-z][^>]* (?:style|on[a-z]+)=/);
  });

  it("leads every link to something that is there", () => {
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
    expect(ids.size).toBe([...page.matchAll(/ id="/g)].length);
  });

  it("has every trial, and every trial of the map in a cell", () => {
    const { tried } = make();
    expect([...page.matchAll(/<li id="trial-\d+">/g)]).toHaveLength(tried.length);
    const inCells = [...page.matchAll(/data-trials="([^"]*)"/g)].flatMap(([, trials = ""]) =>
      trials.split(" "),
    );
    const plain = tried.flatMap(({ disturbance }, index) =>
      disturbance === undefined ? [String(index + 1)] : [],
    );
    expect([...new Set(inCells)].toSorted()).toEqual(plain.toSorted());
  });
});

describe("the page", () => {
  it("takes what comes from a site for text, whatever it is", () => {
    const page = reportPage(hostile(), DIRECTORY);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain("<img");
    expect(page).not.toContain("\u001B");
    // Its name, as text, in the title, the heading and elsewhere.
    expect(page).toContain("<title>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });

  it("tells of each class what breaks, how sure that is, why, what to do and how to see it again", () => {
    const page = reportPage(exampleSite(), DIRECTORY).replaceAll(/\s+/g, " ");
    const [section = ""] = /<section class="class" id="class-A".*?<\/section>/.exec(page) ?? [];
    for (const text of [
      "component &quot;blob&quot; not loaded",
      "<strong>order-determined</strong>",
      "broken in 20 of 20 runs (95 %: 83–100 %)",
      "smallest that breaks",
      "nearest that holds",
      "4.98 s holds",
      "5.06 s breaks",
      "daprd gave up the init of component blob after 5 s",
      "daprd.md §1.3",
      "spec.initTimeout: 30s",
      "sitecar replay",
      'href="./runs/smallest/"',
    ]) {
      expect(section).toContain(text);
    }
  });

  it("has a panel for each disturbance, tried or not", () => {
    const page = reportPage(
      { ...exampleSite(), disturbances: [{ name: "never tried", reason: "no time" }] },
      DIRECTORY,
    );
    expect(page.replaceAll(/\s+/g, " ")).toMatch(
      /<h3>never tried<\/h3> <p>no time<\/p> <p class="reason">Not tried\.<\/p>/,
    );
  });

  it("says what was left out, and in how much time", () => {
    const page = reportPage(sampled(), DIRECTORY).replaceAll(/\s+/g, " ");
    const { leftOut } = sampled();
    expect(page).toContain(`${leftOut.length} left out for want of time`);
    for (const key of leftOut) expect(page).toContain(`<code>${key}</code>`);
  });

  it("offers no folder and no replay of a trial that was not kept", () => {
    const [one] = allHeld().tried;
    const page = reportPage(
      { ...allHeld(), tried: one === undefined ? [] : [{ ...one, runDirectory: "" }] },
      DIRECTORY,
    );
    expect(page).toContain("no folder is kept");
    expect(page).not.toContain("sitecar replay");
  });
});
