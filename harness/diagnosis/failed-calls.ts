import type { Daprd, Look } from "./look.ts";
import type { LogLine } from "./log-line.ts";

/** A delivery of an input binding that failed, as daprd tells it at the level debug, or as the app does. */
export interface FailedCall {
  readonly daprd: Daprd;
  readonly line: LogLine;
}

const DELIVERY = /^error from app consumer for binding \[(?<binding>[^\]]+)\]/;
const CALL = /^api error: .*error invoking output binding|ERR_INVOKE_OUTPUT_BINDING/;

/**
 * Lines that tell of a failed delivery (daprd at the level debug) or of a failed call of an output binding (daprd at the
 * level debug, or the app), in the order of their times.
 */
export function failedCalls(look: Look): readonly FailedCall[] {
  return look.daprds.flatMap((daprd) => {
    const own = daprd.lines.filter(({ message }) => CALL.test(message) || DELIVERY.test(message));
    const others = look
      .lines()
      .filter(({ line, message }) => line.container !== daprd.container && CALL.test(message));
    return [...own, ...others].toSorted((a, b) => a.line.tMs - b.line.tMs).map((line) => ({ daprd, line }));
  });
}

/** Deliveries alone, that a judgement may be about. */
export function failedDeliveries(look: Look): readonly (FailedCall & { readonly binding: string })[] {
  return look.daprds.flatMap((daprd) =>
    daprd.lines.flatMap((line) => {
      const binding = DELIVERY.exec(line.message)?.groups?.["binding"];
      return binding !== undefined && look.concernsComponent(binding) ? [{ daprd, line, binding }] : [];
    }),
  );
}
