import { expect, test } from "vitest";
import { Pause, repeat } from "./pause.ts";

const HOUR_MS = 3_600_000;

test("a pause ends early when it is told to", async () => {
  const pause = new Pause();
  const sleeping = pause.for(HOUR_MS);
  pause.end();
  await expect(sleeping).resolves.toBeUndefined();
});

test("what happens between two pauses makes the next one empty, and only that one", async () => {
  const pause = new Pause();
  pause.end();
  pause.end();
  await pause.for(HOUR_MS);
  const second = pause.for(HOUR_MS).then(() => "second");
  expect(await Promise.race([second, Promise.resolve("still asleep")])).toBe("still asleep");
  pause.end();
  expect(await second).toBe("second");
});

test("a look that throws is told, and the next comes all the same, until the signal", async () => {
  const stop = new AbortController();
  const errors: unknown[] = [];
  let looks = 0;
  await repeat(
    () => {
      if (++looks === 3) stop.abort();
      if (looks === 1) throw new Error("first");
      return 0;
    },
    {
      pause: new Pause(),
      signal: stop.signal,
      intervalAfterErrorMs: 0,
      onError: (error) => errors.push(error),
    },
  );
  expect(looks).toBe(3);
  expect(errors).toEqual([new Error("first")]);
});
