/** What one look at the machine or the site came to. */
export interface Finding {
  /** What was looked at, for example `engine`. */
  readonly check: string;
  /** `warning`: a site starts all the same. `problem`: it can't. */
  readonly state: "ok" | "warning" | "problem";
  /** One sentence, without a period. */
  readonly summary: string;
  /** What to do; only with a warning or a problem. */
  readonly remedy?: string;
}

export function ok(check: string, summary: string): Finding {
  return { check, state: "ok", summary };
}

export function warning(check: string, summary: string, remedy: string): Finding {
  return { check, state: "warning", summary, remedy };
}

export function problem(check: string, summary: string, remedy: string): Finding {
  return { check, state: "problem", summary, remedy };
}

const GIBIBYTE = 1024 ** 3;
const MEBIBYTE = 1024 ** 2;

/** `1.5 GB`, `320 MB`: as `docker images` and `df -h` say it, in powers of 1024. */
export function formatBytes(bytes: number): string {
  return bytes >= GIBIBYTE ? `${(bytes / GIBIBYTE).toFixed(1)} GB` : `${Math.round(bytes / MEBIBYTE)} MB`;
}

export const gibibytes = (count: number): number => count * GIBIBYTE;
export const mebibytes = (count: number): number => count * MEBIBYTE;
