/** The lines that App Service writes into its log about a site's life, word for word (A3.3–A3.5). */
export const PLATFORM_WORDS = {
  startMethodCalled: "Container start method called.",
  starting: "Container is starting.",
  creating: (image: string) => `Creating container with image: ${image}`,
  startingContainer: (id: string, site: string) => `Starting container: ${id.slice(0, 12)}_${site}.`,
  running: "Container is running.",
  finished: (exitCode: number) => `Container has finished running with exit code: ${exitCode}.`,
  terminating: (graceSeconds: number) => `Container is terminating. Grace period: ${graceSeconds} seconds.`,
  terminatedDuringStart: (container: string) =>
    `Site container: ${container} terminated during site startup.`,
  probeSucceeded: (seconds: number) => `Site startup probe succeeded after ${digits(seconds)} seconds.`,
  probeFailed: (seconds: number) => `Site startup probe failed after ${digits(seconds)} seconds.`,
  started: "Site started.",
  failed: "Failed to start site. Revert by stopping site.",
  blocked: "Site is blocked due to multiple, consecutive cold start failures.",
} as const;

/** `8.73`, `49.6`: at most two digits, none that is a zero at the end. */
function digits(seconds: number): string {
  return String(Math.round(seconds * 100) / 100);
}
