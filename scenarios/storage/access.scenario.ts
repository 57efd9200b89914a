import { randomBytes, randomUUID } from "node:crypto";
import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BlobReader } from "../../harness/azure/blob-reader.ts";
import { createCertificateAuthority } from "../../harness/azure/certificate-authority.ts";
import { storageHostName } from "../../harness/azure/production-names.ts";
import { createNetwork } from "../../harness/runtime/network.ts";
import { createStorageContainer } from "../../harness/runtime/storage-container.ts";
import { Deadline } from "../../harness/shared/clock.ts";
import { ReleaseStack } from "../../harness/shared/release-stack.ts";
import { prepareHost } from "../../harness/site/host.ts";

const ACCOUNT = "toshidasandboxstorage";
const AUDIENCE = "https://storage.azure.com";

const releases = new ReleaseStack();
let authorityPem: string;
let port: number;
let reader: BlobReader;
let statusBeforeStart: string;

beforeAll(async () => {
  const { engine, images } = await prepareHost([]);
  const run = { runId: randomUUID().slice(0, 8), site: "storage" };
  const network = await createNetwork(engine, run);
  releases.defer("network", () => network.remove());
  const authority = await createCertificateAuthority();
  authorityPem = authority.certificatePem;
  const key = randomBytes(64).toString("base64");
  const storage = await createStorageContainer(engine, run, {
    name: `sitecar-${run.runId}-storage`,
    image: images.storage.reference,
    network: network.name,
    aliases: [storageHostName(ACCOUNT)],
    accounts: [{ name: ACCOUNT, key }],
    certificate: await authority.issue({ names: [storageHostName(ACCOUNT)], addresses: ["127.0.0.1"] }),
    authorityPem,
    serverName: storageHostName(ACCOUNT),
  });
  releases.defer("storage", () => storage.remove());
  statusBeforeStart = (await storage.container.inspect()).State.Status;
  await storage.start();
  const endpoint = await storage.listening({ deadline: Deadline.in(60_000) });
  port = endpoint.port;
  reader = new BlobReader({
    origin: endpoint.origin,
    account: ACCOUNT,
    accountKey: key,
    authorityPem,
    requestLimitMs: 3000,
  });
  releases.defer("reader", () => reader.close());
});

afterAll(() => releases[Symbol.asyncDispose]());

/** As Azure's clients ask it: the production host name, the account in the name and not in the path. */
function put(path: string, token: string | undefined, body = ""): Promise<string> {
  const host = storageHostName(ACCOUNT);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        servername: host,
        ca: authorityPem,
        method: "PUT",
        path,
        headers: {
          host,
          "content-length": body.length,
          "x-ms-version": "2023-11-03",
          "x-ms-date": new Date().toUTCString(),
          "x-ms-blob-type": "BlockBlob",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        response.resume();
        resolve([response.statusCode, response.headers["x-ms-error-code"]].filter(Boolean).join(" "));
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Shaped like a managed identity's; the signature is nobody's. */
function identityToken(audience: string, lifetimeSeconds: number): string {
  const now = Math.floor(Date.now() / 1000);
  return [
    part({ alg: "RS256", typ: "JWT" }),
    part({
      aud: audience,
      iss: "https://sts.windows.net/00000000-0000-0000-0000-000000000000/",
      iat: now - 60,
      nbf: now - 60,
      exp: now + lifetimeSeconds,
    }),
    "c2lnbmF0dXJl",
  ].join(".");
}

test("storage exists before it is started", () => {
  expect(statusBeforeStart).toBe("created");
});

test("storage refuses a request without a token, and with a wrong one", async () => {
  const path = "/refused?restype=container";
  expect(await put(path, undefined)).toBe("403 AuthorizationFailure");
  expect(await put(path, "no-token")).toBe("403 AuthenticationFailed");
  expect(await put(path, identityToken("https://vault.azure.net", 3600))).toBe("403 AuthenticationFailed");
  expect(await put(path, identityToken(AUDIENCE, -1))).toBe("403 AuthenticationFailed");
  expect(await reader.containers()).not.toContain("refused");
});

test("with an identity's token it takes what the harness then reads", async () => {
  expect(await put("/taken?restype=container", identityToken(AUDIENCE, 3600))).toBe("201");
  expect(await put("/taken/hello.txt", identityToken(AUDIENCE, 3600), "hello")).toBe("201");

  expect(await reader.containers()).toContain("taken");
  expect(await reader.blobs("taken")).toMatchObject([{ name: "hello.txt", size: 5 }]);
  expect(String(await reader.content("taken", "hello.txt"))).toBe("hello");
});
