import {
  type Agent,
  createServer,
  request,
  type ClientRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { listen } from "../../test-support/listening.ts";
import type { FrontEndWorker } from "../front-end-site.ts";
import { openFrontEnd, type FrontEnd, type FrontEndOptions } from "../open-front-end.ts";
import { ChangingSite } from "./changing-site.ts";

/** A worker with a real server for main. */
export interface SmallWorker extends FrontEndWorker {
  readonly server: Server;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly agent?: Agent;
}

const HOUR_MS = 3_600_000;

/** A site, servers for its workers and a front end before them; all end with the test. */
export function frontEndParts() {
  const site = new ChangingSite();
  const servers: Server[] = [];
  const frontEnds: FrontEnd[] = [];
  onTestFinished(async () => {
    for (const frontEnd of frontEnds) await frontEnd.close();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });
  const work = async (listener: RequestListener): Promise<SmallWorker> => {
    const server = createServer(listener);
    servers.push(server);
    const origin = `http://127.0.0.1:${await listen(server)}`;
    return { server, origin, instanceId: servers.length.toString(16).padStart(64, "a") };
  };
  const open = async (options: Partial<FrontEndOptions> = {}): Promise<FrontEnd> => {
    const { signal } = new AbortController();
    const frontEnd = await openFrontEnd(site, { idleMs: HOUR_MS, affinity: false, signal, ...options });
    frontEnds.push(frontEnd);
    return frontEnd;
  };
  return { site, work, open };
}

/** Asks with the bare HTTP client, which neither follows nor retries nor sets headers of its own. */
export async function ask(url: string, { path = "/", body, ...more }: Asking = {}): Promise<Answer> {
  const asking = request(url, { agent: false, ...more, path }).end(body);
  const answer = await answerTo(asking);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

export function answerTo(asking: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asking.once("response", resolve).once("error", reject);
  });
}

/** What a server got, as the answer: for tests of what main sees. */
export const echo: RequestListener = (incoming, response) => {
  const { method, url, headers } = incoming;
  response.setHeader("content-type", "application/json");
  void text(incoming).then((body) => response.end(JSON.stringify({ method, url, headers, body })));
};

/** The echoed request. */
export function echoed({ body }: Answer): EchoedRequest {
  const parsed: EchoedRequest = JSON.parse(body);
  return parsed;
}

export interface EchoedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}
