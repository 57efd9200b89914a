import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { AgentConfiguration } from "../../../../harness/platform/agent-protocol.ts";
import { delay } from "../../../../harness/shared/clock.ts";
import { writeLineToStandardError as line } from "../report.ts";
import { Capture } from "./capture.ts";
import { gapLine } from "./report-lines.ts";
import type { FromTap, ToTap } from "./tap-messages.ts";
import type { TapReading } from "./tap-reading.ts";

/** The tap's own thread: what it does is not in the way of the agent, which answers the site's requests for tokens. */

const LOOK_MS = 500;
const FLUSHED_WITHIN_MS = 250;
/** Behind everything else that has something to do. */
const LAST = 19;

const port = parentPort;
if (port === null) throw new TypeError("unreachable: this is a thread");
const configuration: AgentConfiguration = workerData;
const { tap, storage } = configuration;
if (tap === null) throw new TypeError("unreachable: the tap is on");

const life = new AbortController();
const tell = (message: FromTap): void => port.postMessage(message);
/** What came before it could be read. */
let waiting: Buffer[] = [];
let reading: TapReading | undefined;
let hasCome = false;

const capture = new Capture({
  exceptAddresses: tap.exceptAddresses.concat(storage === null ? [] : [storage.address]),
  onData: (chunk) => {
    hasCome = true;
    if (reading === undefined) waiting.push(chunk);
    else reading.data(chunk);
  },
  onDropped: (packets) => {
    const detail = `the kernel dropped ${packets} packets before they were seen`;
    line(gapLine({ reason: "packets-lost", packets, detail }));
  },
  onEnd: (how) => {
    life.abort();
    reading?.end();
    line(gapLine({ reason: "tap-failed", detail: `${how}; nothing is seen of the wire any more` }));
    tell({ type: "ended" });
  },
});

port.on("message", (message: ToTap) => {
  if (message.type === "flush") void answer(message.id);
  else void end();
});

if (await hasBegun()) {
  // Only now: the capture itself is to be there as soon as packets are.
  setPriority(LAST);
  tell({ type: "began" });
  // What reads packets takes longer to load than what captures them, and no start waits for it.
  const { TapReading: Reading } = await import("./tap-reading.ts");
  reading = new Reading({ configuration, line, onDatagram: (datagram) => capture.datagram(datagram) });
  for (const chunk of waiting) reading.data(chunk);
  waiting = [];
  void lookNowAndThen();
}

async function hasBegun(): Promise<boolean> {
  try {
    await capture.began();
    return true;
  } catch (error) {
    tell({ type: "failed", detail: error instanceof Error ? error.message : String(error) });
    return false;
  }
}

async function answer(id: number): Promise<void> {
  await flush();
  reading?.tellAllOpen();
  tell({ type: "flushed", id });
}

async function flush(): Promise<void> {
  await capture.flush(() => delay(FLUSHED_WITHIN_MS));
  await capture.askForDropped();
}

async function end(): Promise<void> {
  life.abort();
  await flush();
  await capture.end();
  reading?.end();
  tell({ type: "ended" });
}

async function lookNowAndThen(): Promise<void> {
  for (;;) {
    await delay(LOOK_MS, life.signal).catch(() => undefined);
    if (life.signal.aborted) return;
    reading?.tellOpen();
    if (!hasCome) continue;
    hasCome = false;
    await capture.askForDropped();
  }
}
