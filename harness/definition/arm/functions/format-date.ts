import { Gap } from "../faults.ts";

const PARTS = /'([^']*)'|yyyy|yy|MM|M|dd|d|HH|H|mm|m|ss|s|f{1,7}/g;

/** A time in UTC by .NET's custom format. @throws {Gap} for a standard format of one letter but `u`, `o` and `s`. */
export function formatDate(time: Date, pattern: string): string {
  const iso = time.toISOString();
  if (pattern === "u") return iso.slice(0, 19).replace("T", " ").concat("Z");
  if (pattern === "o" || pattern === "O") return iso.replace("Z", "0000Z");
  if (pattern === "s") return iso.slice(0, 19);
  if (/^[A-Za-z]$/.test(pattern)) {
    throw new Gap({ reason: `the date format "${pattern}" is not known here`, suggestion: "" });
  }
  return pattern.replaceAll(PARTS, (part, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    const value = valueOf(time, part.charAt(0));
    if (part === "yyyy") return String(value).padStart(4, "0");
    if (part === "yy") return two(value % 100);
    if (part.startsWith("f")) return String(value).padStart(3, "0").padEnd(7, "0").slice(0, part.length);
    return part.length === 2 ? two(value) : String(value);
  });
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function valueOf(time: Date, letter: string): number {
  switch (letter) {
    case "y":
      return time.getUTCFullYear();
    case "M":
      return time.getUTCMonth() + 1;
    case "d":
      return time.getUTCDate();
    case "H":
      return time.getUTCHours();
    case "m":
      return time.getUTCMinutes();
    case "s":
      return time.getUTCSeconds();
    default:
      return time.getUTCMilliseconds();
  }
}
