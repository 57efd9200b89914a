import { readFile } from "node:fs/promises";
import { Agent as HttpAgent, get as getHttp, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as getHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import { getCACertificates } from "node:tls";

const MOST_REDIRECTS = 5;

/**
 * Downloads the first of `urls` that answers 200. Goes through the proxies of `environment` and trusts, beside Node's
 * own authorities and `NODE_EXTRA_CA_CERTS`, those of `SSL_CERT_FILE`.
 *
 * @throws Error with every address's failure when none answers
 */
export async function downloadFile(request: {
  readonly urls: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}): Promise<Buffer> {
  const certificateFile = request.environment["SSL_CERT_FILE"];
  const own = certificateFile ? [await readFile(certificateFile, "utf8").catch(() => "")] : [];
  const agents = {
    http: new HttpAgent({ proxyEnv: request.environment }),
    https: new HttpsAgent({
      proxyEnv: request.environment,
      ca: [...getCACertificates("default"), ...own.filter((text) => text !== "")],
    }),
  };
  const failures: string[] = [];
  for (const url of request.urls) {
    try {
      const response = await follow(new URL(url), agents, request.signal);
      if (response.statusCode === 200) return await buffer(response);
      response.resume();
      failures.push(`${withoutCredentials(url)}: HTTP ${response.statusCode ?? "?"}`);
    } catch (error) {
      request.signal.throwIfAborted();
      failures.push(`${withoutCredentials(url)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`nothing could be downloaded. ${failures.join("; ")}`);
}

async function follow(
  url: URL,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let target = url;
  for (let redirects = 0; ; redirects++) {
    const response = await ask(target, agents, signal);
    const location = response.headers.location;
    if (location === undefined || redirects === MOST_REDIRECTS) return response;
    response.resume();
    target = new URL(location, target);
  }
}

function ask(
  url: URL,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === "https:"
        ? getHttps(url, { agent: agents.https, signal }, resolve)
        : getHttp(url, { agent: agents.http, signal }, resolve);
    request.once("error", reject);
  });
}

function withoutCredentials(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
