/** A worker as the load balancer sees it. */
export interface RotationCandidate {
  readonly worker: number;
  /** It has an instance that is warm. */
  readonly warm: boolean;
  readonly healthy: boolean;
}

/**
 * The workers that requests go to: warm ones that are healthy, and of the unhealthy ones so many that no more than the
 * allowed share is excluded; a single instance never is (A2.8).
 * @param mostExcludedPercent `WEBSITE_HEALTHCHECK_MAXUNHEALTHYWORKERPERCENT`, 1–100.
 */
export function inRotation(
  candidates: readonly RotationCandidate[],
  mostExcludedPercent: number,
): readonly number[] {
  const most = candidates.length === 1 ? 0 : Math.floor((candidates.length * mostExcludedPercent) / 100);
  const excluded = new Set(
    candidates
      .filter(({ warm, healthy }) => warm && !healthy)
      .slice(0, most)
      .map(({ worker }) => worker),
  );
  return candidates.filter(({ warm, worker }) => warm && !excluded.has(worker)).map(({ worker }) => worker);
}
