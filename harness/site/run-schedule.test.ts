import { expect, test } from "vitest";
import { runSchedule } from "./run-schedule.ts";

const never = new AbortController().signal;

test("starts of one time follow each other in the schedule's order, each after the one before was answered", async () => {
  const seen: string[] = [];
  await runSchedule(
    {
      starts: [
        { container: "storage", atMs: 0 },
        { container: "dapr", atMs: 0 },
        { container: "main", atMs: 0 },
      ],
    },
    async (container) => {
      seen.push(`${container} asked`);
      await Promise.resolve();
      seen.push(`${container} answered`);
    },
    never,
  );
  expect(seen).toEqual([
    "storage asked",
    "storage answered",
    "dapr asked",
    "dapr answered",
    "main asked",
    "main answered",
  ]);
});

test("a later start does not wait for an earlier one that hangs, and never is never", async () => {
  const hanging = Promise.withResolvers<void>();
  const seen: string[] = [];
  const run = runSchedule(
    {
      starts: [
        { container: "dapr", atMs: 0 },
        { container: "main", atMs: 20 },
        { container: "proxy", atMs: null },
      ],
    },
    async (container) => {
      seen.push(container);
      if (container === "dapr") await hanging.promise;
      else hanging.resolve();
    },
    never,
  );
  await run;
  expect(seen).toEqual(["dapr", "main"]);
});

test("an abort ends what has not been started", async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  const run = runSchedule(
    {
      starts: [
        { container: "dapr", atMs: 0 },
        { container: "main", atMs: 60_000 },
      ],
    },
    async (container) => {
      seen.push(container);
      stop.abort(new Error("enough"));
      await Promise.resolve();
    },
    stop.signal,
  );
  await expect(run).rejects.toThrow("enough");
  expect(seen).toEqual(["dapr"]);
});
