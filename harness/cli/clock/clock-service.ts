import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { SitecarError } from "../../errors/index.ts";
import type { SiteClock } from "../../site/site-clock.ts";
import { CLOCK_FILE, type ClockReply, type ClockWish } from "./clock-wish.ts";
import { describeClock } from "./describe-clock.ts";

const MOST_BYTES = 64 * 1024;

/**
 * Lets other processes of the same user step the clock of a run: on 127.0.0.1, for who can read {@link CLOCK_FILE} in the run's
 * folder. @param signal ends what is under way.
 */
export async function serveClock(
  clock: SiteClock,
  { runDirectory, signal }: { readonly runDirectory: string; readonly signal: AbortSignal },
): Promise<AsyncDisposable> {
  const token = randomBytes(24).toString("base64url");
  const server = createServer((request, response) => {
    void reply(clock, { request, response, token, signal });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new TypeError("a TCP server has a port");
  const file = path.join(runDirectory, CLOCK_FILE);
  await writeFile(file, `${JSON.stringify({ port: address.port, token })}\n`, { mode: 0o600 });
  return {
    async [Symbol.asyncDispose]() {
      await rm(file, { force: true });
      server.closeAllConnections();
      server.close();
    },
  };
}

async function reply(
  clock: SiteClock,
  {
    request,
    response,
    token,
    signal,
  }: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly token: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  // Who asked has gone: nobody wants the rest.
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const answer = (status: number, value: ClockReply): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (!isSame(request.headers.authorization, `Bearer ${token}`)) {
    response.writeHead(401).end();
    return;
  }
  try {
    const wish = await readWish(request);
    answer(200, await describeClock(clock, wish, AbortSignal.any([gone.signal, signal])));
  } catch (error) {
    answer(200, { error: errorOf(error) });
  }
}

async function readWish(request: IncomingMessage): Promise<ClockWish> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MOST_BYTES) throw new Error("more was asked than there is to ask");
  }
  const wish: ClockWish = JSON.parse(text);
  return wish;
}

function errorOf(error: unknown): Extract<ClockReply, { readonly error: unknown }>["error"] {
  if (error instanceof SitecarError) {
    const { code, observations, remedy } = error;
    const [line = ""] = error.message.split("\n", 1);
    return { code, message: line.slice(`${code}: `.length), observations, remedy };
  }
  return {
    code: "CLOCK_FAILED",
    message: `the clock could not be stepped: ${error instanceof Error ? error.message : String(error)}.`,
    observations: [],
    remedy: "look at what the run says in its own terminal.",
  };
}

/** Takes as long for a wrong one as for the right one. */
function isSame(given: string | undefined, wanted: string): boolean {
  const one = Buffer.from(given ?? "");
  const other = Buffer.from(wanted);
  return one.length === other.length && timingSafeEqual(one, other);
}
