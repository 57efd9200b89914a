import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { AgentConfiguration } from "../../../../harness/platform/agent-protocol.ts";
import { delay } from "../../../../harness/shared/clock.ts";
import type { Sighting } from "../report.ts";
import { Capture } from "./capture.ts";
import daprMessages from "./dapr-messages.json" with { type: "json" };
import { MessageTypes } from "./message-types.ts";
import { PcapReader } from "./pcap-reader.ts";
import { SecretMask } from "./secret-mask.ts";
import type { FromTap, ToTap } from "./tap-messages.ts";
import { WireNames } from "./wire-names.ts";
import { WireReader } from "./wire-reader.ts";

/** The tap's own thread: what it does is not in the way of the agent, which answers the site's requests for tokens. */

const LOOK_MS = 500;
const FLUSHED_WITHIN_MS = 250;
/** Behind everything else of the machine that has something to do. */
const LAST = 19;

const port = parentPort;
if (port === null) throw new TypeError("unreachable: this is a thread");
const { tap, identity, storage }: AgentConfiguration = workerData;
if (tap === null) throw new TypeError("unreachable: the tap is on");
const life = new AbortController();

const tell = (message: FromTap): void => port.postMessage(message);
const see = (sighting: Sighting, wallMs: number): void =>
  tell({
    type: "line",
    line: `${JSON.stringify({ wallMs: Math.round(wallMs * 1000) / 1000, ...sighting })}\n`,
  });
const lose = (reason: "tap-failed" | "packets-lost" | "unparsable", detail: string, packets?: number): void =>
  see({ type: "gap", gap: { reason, detail, ...(packets === undefined ? {} : { packets }) } }, Date.now());

const wire = new WireReader({
  manner: {
    bodyLimitBytes: tap.bodyLimitBytes,
    mask: new SecretMask(tap.secrets),
    types: new MessageTypes(daprMessages),
  },
  names: new WireNames({ containers: tap.containers, ports: tap.ports, identity }),
  sink: {
    exchange: (exchange) => see({ type: "exchange", open: false, exchange }, exchange.times.startMs),
    open: (exchange) => see({ type: "exchange", open: true, exchange }, exchange.times.startMs),
    gap: (gap, wallMs) => see({ type: "gap", gap }, wallMs),
  },
  onDatagram: (datagram) => capture.datagram(datagram),
});
const packets = new PcapReader();
let hasCome = false;

const capture = new Capture({
  exceptAddresses: tap.exceptAddresses.concat(storage === null ? [] : [storage.address]),
  onData: (chunk) => {
    hasCome = true;
    for (const packet of packets.push(chunk)) wire.packet(packet);
  },
  onDropped: (count) =>
    lose("packets-lost", `the kernel dropped ${count} packets before they were seen`, count),
  onEnd: (how) => {
    life.abort();
    wire.end(Date.now());
    lose("tap-failed", `${how}; nothing is seen of the wire any more`);
    tell({ type: "ended" });
  },
});

port.on("message", (message: ToTap) => {
  if (message.type === "flush") void answer(message.id);
  else void end();
});

try {
  await capture.began();
  // Only now: the capture itself is to be there as soon as packets are.
  setPriority(LAST);
  tell({ type: "began" });
  void lookNowAndThen();
} catch (error) {
  tell({ type: "failed", detail: error instanceof Error ? error.message : String(error) });
}

async function answer(id: number): Promise<void> {
  await flush();
  wire.tellAllOpen();
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
  wire.end(Date.now());
  tell({ type: "ended" });
}

async function lookNowAndThen(): Promise<void> {
  for (;;) {
    await delay(LOOK_MS, life.signal).catch(() => undefined);
    if (life.signal.aborted) return;
    wire.tellOpen(Date.now());
    if (!hasCome) continue;
    hasCome = false;
    await capture.askForDropped();
  }
}
