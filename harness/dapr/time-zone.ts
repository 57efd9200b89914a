/** A time zone by its name in the IANA database, for the clock on its walls. */
export interface TimeZone {
  /** What the wall's clock is ahead of UTC at a moment, in milliseconds. */
  offsetMs(atMs: number): number;
}

const ZONES = new Map<string, TimeZone>();

/** The same one each time: making it takes longer than asking it. @throws {RangeError} for a name that there is none of. */
export function timeZone(name: string): TimeZone {
  const known = ZONES.get(name);
  if (known !== undefined) return known;
  const zone = name === "UTC" ? UTC : makeZone(name);
  ZONES.set(name, zone);
  return zone;
}

const UTC: TimeZone = { offsetMs: () => 0 };

function makeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat("en-u-ca-iso8601", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const offsets = new Map<number, number>();
  const offsetMs = (atMs: number): number => {
    const second = Math.floor(atMs / 1000) * 1000;
    const known = offsets.get(second);
    if (known !== undefined) return known;
    const parts = Object.fromEntries(
      format.formatToParts(second).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
    if (offsets.size > 10_000) offsets.clear();
    offsets.set(second, offset);
    return offset;
  };
  return { offsetMs };
}

/** The moments at which the wall shows a time, given as if it were UTC: none where it is skipped, two where it comes twice. */
export function momentsOf(zone: TimeZone, wallMs: number): readonly number[] {
  // No offset changes twice within two days.
  const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((atMs) => zone.offsetMs(atMs));
  return [...new Set(offsets)]
    .map((offset) => wallMs - offset)
    .filter((atMs) => atMs + zone.offsetMs(atMs) === wallMs)
    .toSorted((a, b) => a - b);
}

const DAY_MS = 86_400_000;
