/** Go's `Time.String()` in UTC: `2026-11-23 11:19:27.954347746 +0000 UTC`; trailing zeros of the fraction are left out. */
export function timeString(nanoseconds: bigint): string {
  const date = new Date(Number(nanoseconds / 1_000_000n));
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  const [day = "", time = ""] = date.toISOString().split("T");
  return `${day} ${time.slice(0, "hh:mm:ss".length)}${fraction === "" ? "" : `.${fraction}`} +0000 UTC`;
}

/** RFC 3339 without a fraction: `2026-11-23T11:19:27Z`. */
export function rfc3339(date: Date): string {
  return `${date.toISOString().slice(0, "yyyy-mm-ddThh:mm:ss".length)}Z`;
}
