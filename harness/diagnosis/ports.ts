import type { Evidence } from "./diagnosis.ts";
import { fromEvent } from "./evidence.ts";
import type { FatalEnd } from "./fatal-lines.ts";
import type { Look } from "./look.ts";

/** Evidence that a port was open before daprd wanted it: the last time it was opened until then. */
export function takenBefore(
  look: Look,
  { line, startedMs, daprd }: FatalEnd,
  port: number,
): readonly Evidence[] {
  const opened = look
    .events("port.opened")
    .findLast(
      (event) =>
        event.port === port &&
        event.tMs <= line.line.tMs &&
        (event.instance === undefined || event.instance === daprd.instance),
    );
  const faults = look.faults(startedMs, line.line.tMs).filter(({ fault }) => fault.fault === "port-taken");
  return [...faults.map(fromEvent), ...(opened === undefined ? [] : [fromEvent(opened)])];
}

/** The next port above that nothing in the record has. */
export function freePort(look: Look, above: number): number {
  const { plan } = look.record;
  const taken = new Set([
    ...plan.publishedPorts,
    ...plan.daprSidecars.flatMap(({ httpPort, grpcPort, metricsPort }) => [httpPort, grpcPort, metricsPort]),
    ...look.events("port.opened").map(({ port }) => port),
    plan.mainPort,
  ]);
  let port = above + 1;
  while (taken.has(port)) port += 1;
  return port;
}
