import type { PlatformSettings } from "../plan/platform-settings.ts";

/**
 * How long one of the platform's long times lasts in this run, in milliseconds: its seconds divided by the platform's
 * clock, at least 1. For times that the platform waits for by itself, never for what a container is granted (grace, tokens).
 */
export function platformMs(
  seconds: number,
  { platformClock }: Pick<PlatformSettings, "platformClock">,
): number {
  return Math.max(1, Math.round((seconds * 1000) / platformClock));
}
