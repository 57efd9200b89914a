/** How values lie, in their own unit. */
export interface Distribution {
  /** How many values. */
  readonly count: number;
  /** To three digits. */
  readonly mean: number;
  readonly least: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
}

/** `null`: there are no values. */
export function distributionOf(values: readonly number[]): Distribution | null {
  if (values.length === 0) return null;
  return {
    count: values.length,
    mean: Math.round((1000 * values.reduce((sum, value) => sum + value, 0)) / values.length) / 1000,
    least: Math.min(...values),
    p50: percentile(values, 0.5),
    p90: percentile(values, 0.9),
    p99: percentile(values, 0.99),
    most: Math.max(...values),
  };
}

/** The value that the share `of` of all is not above; 0 without values. */
export function percentile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * of) - 1)] ?? 0;
}
