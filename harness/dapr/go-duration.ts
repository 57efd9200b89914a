const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Go's `time.ParseDuration` in milliseconds, for example `1h15m30.5s`; `undefined` for what Go refuses. */
export function parseGoDuration(text: string): number | undefined {
  const negative = text.startsWith("-");
  const body = negative || text.startsWith("+") ? text.slice(1) : text;
  if (body === "0") return 0;
  let total = 0;
  let at = 0;
  while (at < body.length) {
    PART.lastIndex = at;
    const part = PART.exec(body);
    const unit = part?.[2];
    if (!part || unit === undefined) return undefined;
    total += Number(part[1]) * (UNIT_MS[unit] ?? Number.NaN);
    at = PART.lastIndex;
  }
  if (at === 0) return undefined;
  return negative ? -total : total;
}
