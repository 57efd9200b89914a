import type { GridValue } from "../exploration.ts";

/** A time after which something that waits for a start behaves differently. */
export interface KnownTime {
  readonly ms: number;
  readonly what: string;
  readonly source: string;
}

/** In the order of their length. */
export const KNOWN_TIMES: readonly KnownTime[] = [
  { ms: 100, what: "daprd dials the app's port again", source: "daprd.md §1 E" },
  { ms: 3000, what: "daprd no longer waits for the answer to OPTIONS", source: "daprd.md §1.1" },
  { ms: 5000, what: "daprd no longer waits for a component's init", source: "daprd.md §1.3" },
  { ms: 5000, what: "the example's entrypoint looks for port 3500 again", source: "example-site.md" },
  { ms: 10_000, what: "daprd no longer tries to get a port that is taken", source: "daprd.md §6" },
  { ms: 10_200, what: "the Azure client in daprd has made its last try", source: "daprd.md §1.3, §3" },
  { ms: 30_000, what: "daprd's storage component no longer waits for storage", source: "daprd.md §1.3" },
  { ms: 30_700, what: "the Dapr client no longer waits for its sidecar", source: "daprd.md §5" },
];

/** The delays tried by default, in ms, without 0: between two of them lies a known time, and above the last none. */
const DELAYS_MS = [500, 4000, 7000, 12_000, 35_000];

/**
 * The delays with the reason for each.
 * @param delaysMs default: values that lie between the known times, so that two neighbours are on both sides of one.
 */
export function makeGrid(delaysMs: readonly number[] = DELAYS_MS): readonly GridValue[] {
  const values = [...new Set(delaysMs)].filter((ms) => ms > 0).toSorted((one, other) => one - other);
  return [
    { ms: 0, reason: "one right after the other, as a platform without an order starts them" },
    ...values.map((ms, index) => ({ ms, reason: reasonFor(ms, values[index - 1] ?? 0) })),
  ];
}

function reasonFor(ms: number, before: number): string {
  const passed = KNOWN_TIMES.filter((known) => known.ms > before && known.ms <= ms);
  if (passed.length === 0) return "chosen; no known time lies between it and the one before";
  return passed.map((known) => `${known.what} (${known.ms / 1000} s, ${known.source})`).join("; ");
}
