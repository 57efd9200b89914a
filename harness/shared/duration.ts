/** Durations as people write them on a command line. */

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/**
 * `800ms`, `12s`, `1.5s`, `2m` or `0` in milliseconds; `undefined` for anything else. A number without a unit is
 * none, except zero: nobody could tell seconds from milliseconds.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m)$/.exec(text.trim());
  if (match === null) return text.trim() === "0" ? 0 : undefined;
  const [, amount = "", unit = ""] = match;
  const unitMs = UNITS_MS[unit];
  return unitMs === undefined ? undefined : Math.round(Number.parseFloat(amount) * unitMs);
}
