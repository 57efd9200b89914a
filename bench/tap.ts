import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { prepareHost, readSite, startSite, type RunningSite } from "../harness/index.ts";
import { EngineContainer } from "../harness/runtime/container.ts";
import type { Host } from "../harness/site/host.ts";
import { Deadline } from "../harness/shared/clock.ts";
import { percentile } from "../harness/shared/distribution.ts";

const EXAMPLE = "fixtures/sites/example";
/** In a round; each site has one round after the other, in turns. */
const INVOKES = 200;
/** Before the first round: connections, caches, and what is compiled as it is used. */
const WARM_INVOKES = 100;
const ROUNDS_A_RUN = 4;

/** Asks daprd from main's own container, as main does, and prints how long each answer took. */
const PROGRAM = `
const { Agent, request } = await import("node:http");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const body = JSON.stringify({ operation: "create", data: "x".repeat(200), metadata: { blobName: "bench.txt" } });
const headers = { "content-type": "application/json", "content-length": body.length };
const invoke = () => new Promise((resolve, reject) => {
  const began = performance.now();
  const asked = request({ agent, port: 3500, host: "127.0.0.1", method: "POST", path: "/v1.0/bindings/blob", headers }, (answer) => {
    if (answer.statusCode !== 200) reject(new Error("answered " + answer.statusCode));
    answer.resume().once("end", () => resolve(performance.now() - began));
  });
  asked.once("error", reject).end(body);
});
const times = [];
for (let nth = 0; nth < Number(process.argv[1]); nth++) times.push(await invoke());
console.log(JSON.stringify(times));
agent.destroy();
`;

/** Two sites without it, for two that are the same differ too: what lies between those two is no cost of the tap's. */
const SITES = ["without", "without, again", "with the tap"] as const;
type Which = (typeof SITES)[number];
const TAPPED: Which = "with the tap";

/** What the tap costs: a write by way of daprd in a site with it and in sites without, taking turns, and its memory. */
export async function benchTap(runs: number): Promise<string> {
  const definition = await readSite(EXAMPLE);
  const host = await prepareHost([definition]);
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-bench-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(runsDirectory, { recursive: true, force: true }));
  const sites = new Map<Which, RunningSite>();
  for (const which of SITES) {
    const site = await startSite(definition, { host, runsDirectory, tap: which === TAPPED });
    sites.set(which, stack.use(site));
    await invoke(site, WARM_INVOKES);
  }
  const times = new Map<Which, number[]>(SITES.map((which) => [which, []]));
  for (let round = 0; round < runs * ROUNDS_A_RUN; round++) {
    // Who is first changes, so that what changes with time falls on all.
    for (const [index] of SITES.entries()) {
      const which = SITES[(index + round) % SITES.length] ?? TAPPED;
      times.get(which)?.push(...(await invoke(siteOf(sites, which), INVOKES)));
    }
  }
  const tapped = siteOf(sites, TAPPED);
  const seen = (await tapped.exchanges()).length;
  return [
    `an invoke of the blob binding by way of daprd, ${times.get(TAPPED)?.length} in each site, in turns`,
    ...formatTimes(times),
    "",
    ...(await Promise.all(
      [...sites].map(
        async ([which, site]) =>
          `${which}: platform ready ${(await platformReadyMs(site)).toFixed(0)} ms after its start; ${await memoryOf(host, site)}`,
      ),
    )),
    `the tap saw ${seen} exchanges, and told of ${tapped.timeline.of("tap.gap").length} gaps`,
  ].join("\n");
}

function siteOf(sites: ReadonlyMap<Which, RunningSite>, which: Which): RunningSite {
  const site = sites.get(which);
  if (site === undefined) throw new TypeError("unreachable: each is started");
  return site;
}

async function invoke(site: RunningSite, count: number): Promise<readonly number[]> {
  const command = ["node", "--input-type=module", "-e", PROGRAM, String(count)];
  const { exitCode, stdout, stderr } = await site.container("main").exec(command, site.signal);
  if (exitCode !== 0) throw new Error(`the invokes failed: ${stderr}`);
  const times: readonly number[] = JSON.parse(stdout);
  return times;
}

function formatTimes(times: ReadonlyMap<Which, readonly number[]>): readonly string[] {
  const quantiles = [0.5, 0.9, 0.99];
  const unit = quantiles.map((part) => percentile(times.get("without") ?? [], part));
  return [
    `${"".padEnd(16)}${cells(["median ms", "p90", "p99", "× median", "× p90", "× p99"])}`,
    ...[...times].map(([which, all]) => {
      const values = quantiles.map((part) => percentile(all, part));
      const multiples = values.map((value, index) => value / (unit[index] ?? Number.NaN));
      return `${which.padEnd(16)}${cells([...values, ...multiples].map((value) => value.toFixed(3)))}`;
    }),
  ];
}

function cells(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(10)).join("");
}

async function platformReadyMs(site: RunningSite): Promise<number> {
  const started = await site.timeline.waitFor(
    () => site.timeline.of("container.started").find(({ container }) => container === "platform"),
    { deadline: Deadline.in(10_000), description: "the platform's start" },
  );
  const ready = site.timeline.of("phase").find(({ name }) => name === "platform ready");
  return (ready?.tMs ?? Number.NaN) - started.tMs;
}

/** What each process has to itself and what it shares with others, as the kernel counts it. */
async function memoryOf({ engine }: Host, site: RunningSite): Promise<string> {
  const created = site.timeline.of("container.created").find(({ container }) => container === "platform");
  if (created === undefined) throw new Error("the run has no platform container");
  const platform = EngineContainer.of(engine, created.id, { name: "platform", label: "platform" });
  const script =
    'for p in /proc/[0-9]*; do echo "$(cat $p/comm) $(grep ^Pss: $p/smaps_rollup) $(grep VmRSS $p/status)"; done';
  const { stdout } = await platform.exec(["bash", "-c", script]);
  return stdout
    .split("\n")
    .flatMap((line) => {
      const [, name, pss, resident] = /^(\S+) Pss:\s+(\d+) kB VmRSS:\s+(\d+) kB/.exec(line) ?? [];
      return name === undefined || name === "bash"
        ? []
        : [`${name} ${megabytes(resident)} MB (own share ${megabytes(pss)})`];
    })
    .join(", ");
}

function megabytes(kilobytes: string | undefined): string {
  return (Number(kilobytes) / 1024).toFixed(1);
}
