/** Below this the interval's ends are no longer moved. */
const PRECISION = 1e-9;

/**
 * The interval of Clopper and Pearson for a share that was seen `hits` times in `runs`: it has the true share in at least
 * `confidence` of all cases, also for few runs and for shares of 0 and 1, where the normal approximation has no width.
 *
 * It is computed from its definition: the shares under which so many hits, or so few, would be as rare as half of what the
 * confidence leaves over.
 * @param confidence default 0.95.
 */
export function clopperPearson(hits: number, runs: number, confidence = 0.95): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  const low = hits === 0 ? 0 : whereRises((share) => 1 - atMost(hits - 1, runs, share), tail);
  const high = hits === runs ? 1 : whereRises((share) => 1 - atMost(hits, runs, share), 1 - tail);
  return [low, high];
}

/** Where a probability that rises with the share reaches `target`. */
function whereRises(probability: (share: number) => number, target: number): number {
  let low = 0;
  let high = 1;
  while (high - low > PRECISION) {
    const middle = (low + high) / 2;
    if (probability(middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability of at most `hits` hits, each of `runs` being one with probability `share`; 0 < share < 1. */
function atMost(hits: number, runs: number, share: number): number {
  // In logarithms: the terms of a thousand runs are smaller than the smallest number there is.
  let term = runs * Math.log1p(-share);
  let sum = Math.exp(term);
  for (let hit = 1; hit <= hits; hit++) {
    term += Math.log((runs - hit + 1) / hit) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}
