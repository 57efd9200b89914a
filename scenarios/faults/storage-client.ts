import type { RunningSite } from "../../harness/site/running-site.ts";

export const ACCOUNT = "smallsitestorage";

/**
 * A main that asks storage for what it is asked for, with Node's own https and its identity's token, and tells what it saw.
 * `kept=1`: over one connection that is kept, else over a new one.
 */
export const STORAGE_CLIENT = `
import { createServer } from "node:http";
import { Agent, request } from "node:https";
import { Resolver } from "node:dns/promises";
process.on("SIGTERM", () => process.exit(0));
const host = "${ACCOUNT}.blob.core.windows.net";
const kept = new Agent({ keepAlive: true, maxSockets: 1 });
let token;
async function tokenOf() {
  if (token !== undefined) return token;
  const url = process.env.IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=https://storage.azure.com";
  const answer = await fetch(url, { headers: { "x-identity-header": process.env.IDENTITY_HEADER } });
  token = (await answer.json()).access_token;
  return token;
}
async function ask({ method, path, size, withinMs, over }) {
  const began = performance.now();
  const seen = { connected: false, status: null, headers: {}, bytes: 0, body: "", error: null };
  const body = method === "PUT" ? Buffer.alloc(size, "x") : undefined;
  const authorization = "Bearer " + (await tokenOf());
  await new Promise((resolve) => {
    const asking = request({
      host, method, path, agent: over === "kept" ? kept : false, signal: AbortSignal.timeout(withinMs),
      headers: {
        authorization, "x-ms-version": "2023-11-03", "x-ms-client-request-id": "client-1",
        ...(body && { "content-length": body.length, "x-ms-blob-type": "BlockBlob" }),
      },
    });
    const end = (error) => {
      if (error) seen.error = error.code === "ABORT_ERR" || error.name === "TimeoutError" ? "TIMEOUT" : error.code ?? error.message;
      resolve();
    };
    asking.on("socket", (socket) => {
      seen.reused = asking.reusedSocket;
      if (!socket.connecting) seen.connected = true;
      socket.once("connect", () => (seen.connected = true));
    });
    asking.on("error", end);
    asking.on("response", (answer) => {
      seen.status = answer.statusCode;
      seen.headers = answer.headers;
      answer.on("data", (chunk) => {
        seen.bytes += chunk.length;
        if (seen.body.length < 2000) seen.body += chunk;
      });
      answer.on("error", end);
      answer.on("end", () => end());
      answer.on("close", () => end(answer.complete ? undefined : { code: seen.error ?? "INCOMPLETE" }));
    });
    asking.end(body);
  });
  return { ...seen, ms: performance.now() - began };
}
async function resolve() {
  const resolver = new Resolver({ timeout: 5000, tries: 1 });
  const answers = await Promise.all(["resolve4", "resolve6"].map((how) => resolver[how](host).catch((error) => error.code)));
  return answers;
}
createServer(async (asked, response) => {
  const { pathname, searchParams } = new URL(asked.url, "http://main");
  if (pathname === "/resolve") response.end(JSON.stringify(await resolve()));
  else if (pathname === "/storage") response.end(JSON.stringify(await ask(JSON.parse(searchParams.get("what")))));
  else response.end("up");
}).listen(8080);
`;

export interface StorageQuestion {
  readonly method?: string;
  /** With its query. */
  readonly path?: string;
  /** Bytes of a PUT's body. Default 4. */
  readonly size?: number;
  /** Default 10,000. */
  readonly withinMs?: number;
  /** Default `new`. */
  readonly over?: "new" | "kept";
}

/** What the client in the site saw of one request. */
export interface StorageSight {
  readonly connected: boolean;
  readonly reused?: boolean;
  /** `null`: no head of an answer. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Its beginning. */
  readonly body: string;
  /** `null`: the whole answer came. */
  readonly error: string | null;
  readonly ms: number;
}

/** Default: puts a blob of four bytes into the container `box`. */
export async function askStorage(
  site: RunningSite,
  { method = "PUT", path = "/box/blob", size = 4, withinMs = 10_000, over = "new" }: StorageQuestion = {},
): Promise<StorageSight> {
  const url = new URL("/storage", site.url);
  url.searchParams.set("what", JSON.stringify({ method, path, size, withinMs, over }));
  return (await (await fetch(url)).json()) as StorageSight;
}

/** What the account's name is answered with, asked for its A and its AAAA records: addresses, or c-ares' error. */
export async function resolveName(site: RunningSite): Promise<readonly (readonly string[] | string)[]> {
  return (await (await fetch(new URL("/resolve", site.url))).json()) as (string[] | string)[];
}
