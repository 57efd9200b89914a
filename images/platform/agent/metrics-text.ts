/** What the agent reads from daprd's metrics (Prometheus text format). */
export interface DaprMetrics {
  /** Unix seconds at which the process began; `null` when daprd does not say. */
  readonly startedAt: number | null;
  readonly deliveries: readonly Deliveries[];
  /** Changes whenever daprd has initialised a component; otherwise meaningless. */
  readonly componentsMark: string;
}

/** Deliveries of one input binding with one outcome, counted since daprd's process began. */
export interface Deliveries {
  readonly component: string;
  readonly success: boolean;
  readonly count: number;
  /** `null`: there is no latency histogram. */
  readonly latencySumMs: number | null;
}

const COUNT = "dapr_component_input_binding_count{";
const LATENCY_SUM = "dapr_component_input_binding_latencies_sum{";
const COMPONENT_COUNTERS = ["dapr_runtime_component_loaded{", "dapr_runtime_component_init_total{"];

/**
 * Takes the few lines of interest out of a page of some hundred, without looking at the others.
 * @throws {Error} on a line of interest that is not in the text format.
 */
export function parseDaprMetrics(text: string): DaprMetrics {
  const sums = new Map<string, number>();
  for (const sample of samplesOf(text, LATENCY_SUM)) {
    const key = keyOf(sample.labels);
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  const deliveries = new Map<string, Deliveries>();
  for (const { labels, value } of samplesOf(text, COUNT)) {
    const key = keyOf(labels);
    deliveries.set(key, {
      component: labels["component"] ?? "",
      success: labels["success"] === "true",
      count: (deliveries.get(key)?.count ?? 0) + value,
      latencySumMs: sums.get(key) ?? null,
    });
  }
  return {
    startedAt: samplesOf(text, "process_start_time_seconds ")[0]?.value ?? null,
    deliveries: [...deliveries.values()],
    componentsMark: COMPONENT_COUNTERS.flatMap((prefix) => linesOf(text, prefix)).join("\n"),
  };
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return `${labels["success"]} ${labels["component"]}`;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const SAMPLE = /^\w+(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\.)*",?)*)\})? (\S+)(?: -?\d+)?$/;

function samplesOf(text: string, prefix: string): Sample[] {
  return linesOf(text, prefix).map((line) => {
    const match = SAMPLE.exec(line);
    const value = Number(match?.[2]);
    if (!match || Number.isNaN(value)) throw new Error(`not a metric: ${JSON.stringify(line)}`);
    const labels = [...(match[1] ?? "").matchAll(LABEL)].map(
      ([, name = "", quoted = ""]) => [name, unescapeLabel(quoted)] as const,
    );
    return { labels: Object.fromEntries(labels), value };
  });
}

function linesOf(text: string, prefix: string): string[] {
  const lines: string[] = [];
  for (let at = text.indexOf(prefix); at !== -1; at = text.indexOf(prefix, at + prefix.length)) {
    if (at > 0 && text[at - 1] !== "\n") continue;
    const end = text.indexOf("\n", at);
    lines.push(text.slice(at, end === -1 ? undefined : end).trimEnd());
  }
  return lines;
}

function unescapeLabel(quoted: string): string {
  return quoted.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
