import type { Exchange, TapGap } from "../../../../harness/timeline/exchange.ts";
import type { Sighting } from "../report.ts";

/** The tap's reports, as lines: its thread writes them itself, so that the agent's own has nothing to do with them. */

export function exchangeLine(exchange: Exchange, { open }: { readonly open: boolean }): string {
  return lineOf({ type: "exchange", open, exchange }, exchange.times.startMs);
}

/** @param wallMs default now. */
export function gapLine(gap: TapGap, wallMs = Date.now()): string {
  return lineOf({ type: "gap", gap }, wallMs);
}

function lineOf(sighting: Sighting, wallMs: number): string {
  return `${JSON.stringify({ wallMs: Math.round(wallMs * 1000) / 1000, ...sighting })}\n`;
}
