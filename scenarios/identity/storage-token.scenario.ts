import { expect } from "vitest";
import { SitecarError } from "../../harness/errors/index.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example");

test.concurrent(
  "daprd asks App Service's token service for storage, once and with the header",
  async ({ site }) => {
    const requests = site.timeline.of("identity.requested");

    // One: daprd keeps the token for the life of its process (daprd.md §4).
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      path: "/msi/token",
      parameters: { "api-version": "2019-08-01", resource: "https://storage.azure.com" },
      headerMatched: true,
      status: 200,
    });
    expect(requests[0]?.userAgent).toMatch(/^azsdk-go-azidentity\//);
  },
);

test.concurrent(
  "without an identity daprd exits 1 and the run says why",
  async ({ startSite, definition }) => {
    const failure: unknown = await startSite({}, { ...definition, identity: { type: "None" } }).catch(
      (error: unknown) => error,
    );

    expect(failure).toBeInstanceOf(SitecarError);
    const { code, message } = failure as SitecarError;
    expect(code).toBe("CONTAINER_EXITED_DURING_START");
    expect(message).toContain('container "dapr" ended with exit code 1 before the site had started');
    expect(message).toMatch(/dapr exited \(1\) at \+\d+\.\d s/);
    // daprd's own reason, in full: it is the line by which a person finds the missing identity.
    expect(message).toMatch(
      /dapr \| fatal: .*failed to create Azure Storage container container1: ChainedTokenCredential: failed to acquire a token\.\s+Attempted credentials:\s+managed identity/,
    );
  },
);

test.concurrent(
  "the token service refuses a wrong header; storage refuses no token and one for another service",
  async ({ startSite }) => {
    const site = await startSite({ until: "scheduled", schedule: { dapr: "never" } });
    await untilEvent(site, "container.started", {
      withinMs: 60_000,
      matches: ({ container }) => container === "main",
    });

    expect(await askForToken(site, { header: "another-header" })).toBe("401");
    expect(await askForToken(site, {})).toBe("200");
    // The agent tells of a request in its own time.
    await untilEvent(site, "identity.requested", { nth: 2, withinMs: 30_000 });
    expect(site.timeline.of("identity.requested")).toMatchObject([
      { headerMatched: false, status: 401 },
      { headerMatched: true, status: 200 },
    ]);

    expect(await createContainer(site, { tokenFor: null })).toBe("403 AuthorizationFailure");
    expect(await createContainer(site, { tokenFor: "https://vault.azure.net" })).toBe(
      "403 AuthenticationFailed",
    );
    const storage = await site.blobs();
    expect(await storage.containers()).toEqual([]);
    // The same request with the right token, so that it is the token that was refused.
    expect(await createContainer(site, { tokenFor: "https://storage.azure.com" })).toBe("201");
    expect(await storage.containers()).toEqual(["asked"]);
  },
);

/** Runs in main's container, with main's own environment and trust, as a program of the site would. */
const CREATE_CONTAINER = `
  const resource = process.argv[1];
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
  const headers = { "x-ms-version": "2023-11-03", "x-ms-date": new Date().toUTCString() };
  if (resource !== "") {
    const url = IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=" + encodeURIComponent(resource);
    const token = await (await fetch(url, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER } })).json();
    headers.authorization = "Bearer " + token.access_token;
  }
  const created = await fetch("https://toshidasandboxstorage.blob.core.windows.net/asked?restype=container", { method: "PUT", headers });
  process.stdout.write([created.status, created.headers.get("x-ms-error-code")].filter(Boolean).join(" "));
`;
const ASK_FOR_TOKEN = `
  const [, resource, header = process.env.IDENTITY_HEADER] = process.argv;
  const url = process.env.IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=" + encodeURIComponent(resource);
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": header } });
  process.stdout.write(String(answer.status));
`;

async function askForToken(site: RunningSite, { header }: { readonly header?: string }): Promise<string> {
  return await runInMain(
    site,
    ASK_FOR_TOKEN,
    "https://storage.azure.com",
    ...(header === undefined ? [] : [header]),
  );
}

/** @param options.tokenFor the resource of the token that goes with the request; `null`: none goes with it. */
async function createContainer(
  site: RunningSite,
  { tokenFor }: { readonly tokenFor: string | null },
): Promise<string> {
  return await runInMain(site, CREATE_CONTAINER, tokenFor ?? "");
}

async function runInMain(site: RunningSite, script: string, ...values: string[]): Promise<string> {
  const main = site.container("main");
  const { exitCode, stdout, stderr } = await main.exec([
    "node",
    "--input-type=module",
    "-e",
    script,
    "--",
    ...values,
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
}
