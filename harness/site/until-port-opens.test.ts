import { expect, test } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { untilPortOpens } from "./until-port-opens.ts";

const MAIN = { port: 8080, settings: { warmUpIntervalMs: 1 } };
const never = new AbortController().signal;

function opened(timeline: Timeline, port: number): void {
  timeline.record({ type: "port.opened", port, address: "0.0.0.0" });
}

test("waits for the port, and not for another one", async () => {
  const timeline = new Timeline();
  let resolved = false;
  const waiting = untilPortOpens(timeline, MAIN, never).then(
    () => (resolved = true),
    () => (resolved = true),
  );
  opened(timeline, 3500);
  await Promise.resolve();
  expect(resolved).toBe(false);
  opened(timeline, MAIN.port);
  await waiting;
});

test("a port that is open is asked again after the warm-up interval; one that was closed is waited for", async () => {
  const timeline = new Timeline();
  opened(timeline, MAIN.port);
  await untilPortOpens(timeline, MAIN, never);
  timeline.record({ type: "port.closed", port: MAIN.port, address: "0.0.0.0" });
  const stop = new AbortController();
  const waiting = untilPortOpens(timeline, MAIN, stop.signal);
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
});
