import type { Datum, UnknownDatum } from "./datum.ts";
import type { Session } from "./session.ts";

/**
 * A value with every gap in it filled that the caller supplied a value for, by its path.
 * @param onGap for a value that nothing will be asked of any more: answers become what they are as a whole, and it is
 *   told each gap that is left.
 */
export function fill(
  value: Datum,
  path: string,
  session: Session,
  onGap?: (gap: UnknownDatum, path: string) => void,
): Datum {
  return session.work.deeper(() => {
    if (value.kind === "list") {
      const items = value.items.map((item, index) => fill(item, `${path}[${index}]`, session, onGap));
      return { ...value, items };
    }
    if (value.kind === "object") {
      const entries = [...value.entries].map(
        ([key, child]) => [key, fill(child, `${path}.${key}`, session, onGap)] as const,
      );
      return { ...value, entries: new Map(entries) };
    }
    if (value.kind === "answer" && value.whole !== undefined && onGap !== undefined) {
      return fill(value.whole(), path, session, onGap);
    }
    if (value.kind !== "unknown" && value.kind !== "answer") return value;
    const supplied = session.suppliedAt(path, value.origin);
    if (supplied !== undefined) return supplied;
    if (value.kind === "answer" && onGap === undefined) return value;
    const gap: UnknownDatum =
      value.kind === "unknown"
        ? value
        : { ...value, kind: "unknown", expression: value.expression ?? "", faulty: false };
    onGap?.(gap, path);
    return gap;
  });
}
