import { expect } from "vitest";
import { identityExpired } from "../../harness/faults/identity-expired.ts";
import { identityRefused } from "../../harness/faults/identity-refused.ts";
import { identitySlow } from "../../harness/faults/identity-slow.ts";
import { identityStatus } from "../../harness/faults/identity-status.ts";
import { identityWrongAudience } from "../../harness/faults/identity-wrong-audience.ts";
import { inject } from "../../harness/faults/inject.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite, withPatientBlob } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { smallSite } from "../support/small-site.ts";

const AUDIENCE = "https://storage.azure.com";

/** Answers every request with what the identity service said: the claims of a token, or what came instead of one. */
const ASKING_MAIN = `
import { createServer } from "node:http";
const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
createServer(async (_, response) => {
  const began = performance.now();
  let answer;
  try {
    const token = await fetch(IDENTITY_ENDPOINT + "?resource=${AUDIENCE}&api-version=2019-08-01", {
      headers: { "x-identity-header": IDENTITY_HEADER },
    });
    const claims = token.ok ? (await token.json()).access_token.split(".")[1] : undefined;
    answer = { status: token.status, ...(claims && JSON.parse(Buffer.from(claims, "base64url"))) };
  } catch (error) {
    answer = { refused: error.cause?.code };
  }
  response.end(JSON.stringify({ ...answer, nowSeconds: Date.now() / 1000, tookMs: performance.now() - began }));
}).listen(8080);
`;

interface Answer {
  readonly status?: number;
  readonly refused?: string;
  readonly aud?: string;
  readonly exp?: number;
  readonly nowSeconds: number;
  readonly tookMs: number;
}

const small = smallSite(await exampleSite(), { main: ASKING_MAIN }, { identity: { type: "SystemAssigned" } });
const test = siteTest(small.definition, small.options);

test.concurrent("each failure of the identity service, and that it is undone", async ({ site }) => {
  await expectToken(site);
  {
    await using _ = await inject(site, identityStatus({ status: 503 }));
    expect(await ask(site)).toMatchObject({ status: 503 });
  }
  await expectToken(site);
  {
    await using _ = await inject(site, identityStatus({ status: 429, first: 2 }));
    const statuses = [(await ask(site)).status, (await ask(site)).status, (await ask(site)).status];
    expect(statuses).toEqual([429, 429, 200]);
  }
  {
    await using _ = await inject(site, identitySlow({ delayMs: 700 }));
    const late = await ask(site);
    expect(late.status).toBe(200);
    expect(late.tookMs).toBeGreaterThanOrEqual(700);
  }
  {
    await using _ = await inject(site, identityRefused());
    expect(await ask(site)).toMatchObject({ refused: "ECONNREFUSED" });
  }
  await expectToken(site);
  {
    await using _ = await inject(site, identityExpired());
    const { exp = Number.NaN, nowSeconds } = await ask(site);
    expect(exp).toBeLessThan(nowSeconds);
  }
  {
    await using _ = await inject(site, identityWrongAudience());
    const { status, aud } = await ask(site);
    expect(status).toBe(200);
    expect(aud).not.toBe(AUDIENCE);
  }
  {
    // Several at once add up.
    await using _ = await inject(site, identitySlow({ delayMs: 300 }));
    await using status = await inject(site, identityStatus({ status: 500 }));
    const both = await ask(site);
    expect(both.status).toBe(500);
    expect(both.tookMs).toBeGreaterThanOrEqual(300);
    await status.heal();
    expect(await ask(site)).toMatchObject({ status: 200 });
  }
  await expectToken(site);
});

const exampleTest = siteTest("fixtures/sites/example");

exampleTest("500 from the schedule's beginning: daprd asks until it gets a token", async ({ startSite }) => {
  const site = await startSite({
    files: await withPatientBlob(),
    schedule: {
      steps: [{ when: { atMs: 0 }, inject: { fault: "identity-status", status: 500, first: 2 } }],
    },
  });
  expect(site.timeline.of("identity.requested").map(({ status }) => status)).toEqual([500, 500, 200]);
  await untilEvent(site, "tick", { withinMs: 60_000, matches: ({ success }) => success });
});

async function ask(site: RunningSite): Promise<Answer> {
  return (await (await fetch(site.url)).json()) as Answer;
}

async function expectToken(site: RunningSite): Promise<void> {
  const { status, aud, exp = 0, nowSeconds } = await ask(site);
  expect([status, aud]).toEqual([200, AUDIENCE]);
  expect(exp).toBeGreaterThan(nowSeconds);
}
