import { readFile } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { SitecarError } from "../../errors/index.ts";
import { RunReader } from "../../timeline/run-reader.ts";
import { CLOCK_FILE, type ClockReply, type ClockShown, type ClockWish } from "./clock-wish.ts";

/**
 * Asks the process that runs a site to step its clock, and waits for it.
 * @param run a run's id; default the newest.
 * @throws {SitecarError} what the clock throws; USAGE where there is no such run; VIRTUAL_TIME_OFF where it has no clock to be
 *   stepped; RUN_STOPPED when it ends meanwhile, or `signal` aborts.
 */
export async function askClock(
  run: string | undefined,
  wish: ClockWish,
  signal: AbortSignal,
): Promise<ClockShown> {
  const reader = await RunReader.find(run);
  const { port, token } = await find(reader);
  let reply: ClockReply;
  try {
    reply = await post({ port, token, signal, body: JSON.stringify(wish) });
  } catch (error) {
    throw new SitecarError("RUN_STOPPED", {
      message: signal.aborted
        ? "the command was ended before the virtual clock had gone on."
        : `the run ${reader.id} ended before its virtual clock had gone on.`,
      remedy: signal.aborted
        ? "`sitecar clock` says how far it came."
        : "start the site again: `sitecar up --virtual-time`.",
      cause: error,
    });
  }
  if (!("error" in reply)) return reply;
  const { code, ...details } = reply.error;
  throw new SitecarError(code, details);
}

/** Without a limit of its own, which `fetch` has: a year may take a while. */
function post({
  port,
  token,
  signal,
  body,
}: {
  readonly port: number;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly body: string;
}): Promise<ClockReply> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, method: "POST", headers: { authorization: `Bearer ${token}` }, signal },
      (answer) => {
        readReply(answer).then(resolve, reject);
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

async function readReply(answer: IncomingMessage): Promise<ClockReply> {
  const reply: ClockReply = JSON.parse(await text(answer));
  return reply;
}

async function find(reader: RunReader): Promise<{ readonly port: number; readonly token: string }> {
  const file = await readFile(path.join(reader.path, CLOCK_FILE), "utf8").catch(() => undefined);
  if (file !== undefined && (await reader.goesOn())) {
    const found: { readonly port: number; readonly token: string } = JSON.parse(file);
    return found;
  }
  throw new SitecarError("VIRTUAL_TIME_OFF", {
    message: (await reader.goesOn())
      ? `the run ${reader.id} has no virtual clock that can be stepped from here.`
      : `the run ${reader.id} has ended.`,
    remedy: "start a site with `sitecar up --virtual-time`, and step its clock while it runs.",
  });
}
