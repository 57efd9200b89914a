import { expect } from "vitest";
import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { swapSlots } from "../../harness/site/swap-slots.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { ANSWERING_MAIN, askMain, smallSite, type SmallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

function slot(example: SiteDefinition, name: string, more: Readonly<Record<string, string>> = {}): SmallSite {
  const settings = { VERSION: name === "staging" ? "new" : "old", ...more };
  return smallSite(
    example,
    { main: ANSWERING_MAIN },
    {
      appSettings: [
        ...Object.entries(settings).map(([setting, value]) => ({ name: setting, value })),
        { name: "SLOT", value: name, slotSetting: true },
      ],
    },
  );
}

async function versionAndSlot(site: RunningSite): Promise<string> {
  const { environment } = await askMain(site.url);
  return `${environment["VERSION"]} in ${environment["SLOT"]}`;
}

test.concurrent(
  "a swap exchanges what the addresses lead to; sticky settings stay, and no request of production is lost (A7.2)",
  async ({ startSite, definition }) => {
    const [staging, production] = await Promise.all(
      ["staging", "production"].map(async (name) => {
        const { definition: small, options } = slot(definition, name, {
          WEBSITE_SWAP_WARMUP_PING_PATH: "/warm",
          WEBSITE_SWAP_WARMUP_PING_STATUSES: "200",
        });
        return await startSite(options, small);
      }),
    );
    if (staging === undefined || production === undefined) throw new Error("there are two slots");
    const end = new AbortController();
    const seen: string[] = [];
    const asking = (async () => {
      // And once more after the end.
      for (let isLast = false; !isLast;) {
        isLast = end.signal.aborted;
        seen.push(await versionAndSlot(production));
      }
    })();

    await swapSlots({ source: staging, target: production });
    end.abort();
    await asking;

    expect(await versionAndSlot(production)).toBe("new in production");
    expect(await versionAndSlot(staging)).toBe("old in staging");
    expect([...new Set(seen)]).toEqual(["old in production", "new in production"]);
    const warm = staging.timeline.of("probe.changed").filter(({ probe }) => probe === "swap-warm-up");
    expect(warm).toMatchObject([{ status: 200 }]);
  },
);

test.concurrent(
  "a source that does not warm up leaves routing as it was (A7.2)",
  { timeout: 240_000 },
  async ({ startSite, definition }) => {
    const start = async (name: string): Promise<RunningSite> => {
      const { definition: small, options } = slot(definition, name, {
        WEBSITE_SWAP_WARMUP_PING_STATUSES: "299",
      });
      // The platform's 230 s are 38 s, within which a small site does start on a busy machine.
      return await startSite({ ...options, settings: { platformClock: 6 } }, small);
    };
    const [staging, production] = await Promise.all([start("staging"), start("production")]);

    await expect(swapSlots({ source: staging, target: production })).rejects.toMatchObject({
      code: "SWAP_FAILED",
      message: expect.stringContaining("was not warm for the swap within 230 s"),
    });
    expect(await versionAndSlot(production)).toBe("old in production");
  },
);
