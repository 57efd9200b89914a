import { once } from "node:events";
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
  type Server,
} from "node:http";
import { text } from "node:stream/consumers";
import { test } from "vitest";
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
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly agent?: Agent;
}

const HOUR_MS = 3_600_000;

/** A vitest `test` with a site, servers for its workers, a front end before them, and a client. */
export const frontEndTest = test
  .extend("site", () => new ChangingSite())
  .extend("work", ({}, { onCleanup }) => {
    const servers: Server[] = [];
    onCleanup(() => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    });
    return async (listener: RequestListener): Promise<SmallWorker> => {
      const server = createServer(listener);
      servers.push(server);
      const origin = `http://127.0.0.1:${await listen(server)}`;
      return { server, origin, instanceId: servers.length.toString(16).padStart(64, "a") };
    };
  })
  .extend("open", ({ site }, { onCleanup }) => {
    const opened = new AsyncDisposableStack();
    onCleanup(() => opened.disposeAsync());
    return async (options: Partial<FrontEndOptions> = {}): Promise<FrontEnd> =>
      opened.use(
        await openFrontEnd(site, {
          idleMs: HOUR_MS,
          affinity: false,
          signal: new AbortController().signal,
          ...options,
        }),
      );
  });

/** Asks with the bare HTTP client, which neither follows nor retries nor sets headers of its own. */
export async function ask(url: string, { path = "/", body, ...more }: Asking = {}): Promise<Answer> {
  const asking = request(url, { agent: false, ...more, path } as RequestOptions);
  asking.end(body);
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

/** What a server got, as the answer: for tests of what main sees. */
export const echo: RequestListener = (incoming, response) => {
  const { method, url, headers } = incoming;
  response.setHeader("content-type", "application/json");
  void text(incoming).then((body) => response.end(JSON.stringify({ method, url, headers, body })));
};

/** The echoed request. */
export function echoed({ body }: Answer): {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
} {
  return JSON.parse(body) as ReturnType<typeof echoed>;
}
