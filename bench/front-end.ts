import { Agent, createServer, request, type Server } from "node:http";
import { openFrontEnd } from "../harness/platform/front-end/open-front-end.ts";
import type { FrontEndSite } from "../harness/platform/front-end/front-end-site.ts";
import { byName, formatSummaries, summarize } from "./statistics.ts";

const SMALL_REQUESTS = 3_000;
const CLIENTS = 16;
const LARGE_BYTES = 128 * 1024 * 1024;
const IDLE_MS = 230_000;

/** The unit: main asked directly, without the front end. */
const UNITS: Readonly<Record<string, string>> = {
  "one after the other": "one after the other, directly",
  "sixteen at a time": "sixteen at a time, directly",
  "128 MiB down": "128 MiB down, directly",
};

type Load = (url: string) => Promise<void>;

const LOADS: Readonly<Record<string, Load>> = {
  "one after the other": (url) => small(url, 1),
  "sixteen at a time": (url) => small(url, CLIENTS),
  "128 MiB down": large,
};

/** What the front end costs: the same load directly and through it, taking turns within one run. */
export async function benchFrontEnd(runs: number): Promise<string> {
  const main = createServer((incoming, response) => {
    if (incoming.url === "/large") response.end(Buffer.alloc(LARGE_BYTES));
    else response.end("hello");
  });
  const direct = await listen(main);
  const stop = new AbortController();
  await using frontEnd = await openFrontEnd(warmSite(direct), {
    idleMs: IDLE_MS,
    affinity: false,
    signal: stop.signal,
  });
  const measured: ReadonlyMap<string, number>[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      const times = new Map<string, number>();
      for (const [name, load] of Object.entries(LOADS)) {
        times.set(UNITS[name] ?? name, await timed(() => load(direct)));
        times.set(`${name}, through the front end`, await timed(() => load(frontEnd.url)));
      }
      measured.push(times);
    }
  } finally {
    main.close();
    main.closeAllConnections();
  }
  const values = byName(measured);
  return Object.entries(UNITS)
    .map(([name, directly]) => {
      const unit = summarize(directly, values.get(directly) ?? []);
      const through = `${name}, through the front end`;
      return formatSummaries([unit, summarize(through, values.get(through) ?? [])], unit);
    })
    .join("\n\n");
}

function warmSite(origin: string): FrontEndSite {
  const workers = [{ instanceId: "0".repeat(64), origin }];
  return {
    name: "bench",
    state: "Started",
    explanation: "",
    workers: () => workers,
    changed: (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("the bench is over")));
      }),
  };
}

async function small(url: string, clients: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let left = SMALL_REQUESTS;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) await ask(url, agent);
    }),
  );
  agent.destroy();
}

async function large(url: string): Promise<void> {
  const agent = new Agent();
  await ask(`${url}/large`, agent);
  agent.destroy();
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
      answer.resume().once("end", resolve).once("error", reject);
    })
      .once("error", reject)
      .end();
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("main listens on no TCP port");
  return `http://127.0.0.1:${address.port}`;
}
