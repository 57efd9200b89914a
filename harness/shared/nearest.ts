/** Suggestions for a name that was probably mistyped. */

/**
 * The candidate closest to `name`, ignoring case, or `undefined` when none is close: at most a third of the
 * longer name may differ, but two letters of a name of four or more.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name === "") return undefined;
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const longest = Math.max(name.length, candidate.length);
    // A long text is no mistyped name, and the comparison costs its square.
    if (longest > 100) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance > Math.max(longest < 4 ? 1 : 2, Math.floor(longest / 3))) continue;
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  return best?.candidate;
}

/** ` Did you mean "x"?` with a leading blank, or nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const candidate = nearest(name, candidates);
  return candidate === undefined ? "" : ` Did you mean "${candidate}"?`;
}

/** Levenshtein's distance: insertions, deletions and replacements, each one. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
