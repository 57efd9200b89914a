/** One line of Prometheus' text format. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][\w:]*/y;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"/y;
const REST = /[ \t]+(NaN|[+-]?Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:[ \t]+-?\d+)?[ \t]*$/y;

/**
 * Reads Prometheus' text exposition format 0.0.4: every sample in the order of the page; comments, types and time
 * stamps are left out.
 * @throws {Error} on the first line that is not in the format; it says which.
 */
export function parsePrometheusText(text: string): readonly MetricSample[] {
  const samples: MetricSample[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const sample = parseLine(line);
    if (sample === undefined) {
      throw new Error(`line ${index + 1} is not in Prometheus' text format: ${JSON.stringify(line)}`);
    }
    samples.push(sample);
  }
  return samples;
}

function parseLine(line: string): MetricSample | undefined {
  const name = matchAt(NAME, line, 0);
  if (name === undefined) return undefined;
  let at = name[0].length;
  const labels: Record<string, string> = {};
  if (line[at] === "{") {
    at++;
    while (line[at] !== "}") {
      const label = matchAt(LABEL, line, at);
      if (label?.[1] === undefined || label[2] === undefined) return undefined;
      labels[label[1]] = unescape(label[2]);
      at += label[0].length;
      if (line[at] === ",") at++;
      else if (line[at] !== "}") return undefined;
    }
    at++;
  }
  const value = matchAt(REST, line, at)?.[1];
  return value === undefined ? undefined : { name: name[0], labels, value: toNumber(value) };
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}

function unescape(quoted: string): string {
  return quoted.replaceAll(/\\([\\n"])/g, (_, character: string) => (character === "n" ? "\n" : character));
}

function toNumber(value: string): number {
  return Number(value.replace("Inf", "Infinity"));
}
