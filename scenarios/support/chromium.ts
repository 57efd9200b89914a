import { access } from "node:fs/promises";
import { execa } from "execa";
import { chromium, type Browser } from "playwright-core";

const PLACES = [
  process.env["SITECAR_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].filter((place) => place !== undefined);

/** The machine's own Chromium; in CI it is installed where it can be. `undefined`: there is none. */
export async function findChromium(): Promise<string | undefined> {
  const found = await firstThere();
  // Nobody's own machine is given a browser for the sake of a test.
  if (found !== undefined || process.env["SITECAR_CI_RUN"] === undefined) return found;
  await execa("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"], { reject: false });
  return await firstThere();
}

async function firstThere(): Promise<string | undefined> {
  for (const place of PLACES) {
    if (
      await access(place)
        .then(() => true)
        .catch(() => false)
    )
      return place;
  }
  return undefined;
}

/** Headless. As root it starts without its sandbox only; it sees pages of this repository alone. */
export async function openChromium(executablePath: string): Promise<Browser> {
  return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
