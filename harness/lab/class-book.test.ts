import { expect, it } from "vitest";
import type { Schedule } from "../schedule/schedule.ts";
import type { ScheduledStep } from "../schedule/step.ts";
import { ClassBook } from "./class-book.ts";
import { starts } from "./test-support/asking.ts";
import { judged } from "./test-support/simulated-laboratory.ts";
import type { TrialOutcome } from "./trials/laboratory.ts";

const slow: ScheduledStep = { when: { atMs: 0 }, inject: { fault: "identity-slow", delayMs: 8000 } };

const broken = (schedule: Schedule): TrialOutcome => ({
  schedule,
  verdict: "broken",
  judgements: [judged("siteStarts", "it breaks", true)],
  runDirectory: "",
  tookMs: 1000,
  latenessMs: 0,
});

it("keeps the smallest schedules of a class, and with each other steps the smallest", () => {
  const book = new ClassBook(["main", "dapr"]);
  const plain = [0, 100, 200, 300].map((atMs) => starts({ main: 0, dapr: atMs }));
  const stepped = [0, 400].map((atMs) => ({ ...starts({ main: 0, dapr: atMs }), steps: [slow] }));
  for (const schedule of [...plain, ...stepped].toReversed()) book.add(broken(schedule));
  expect(book.all().map(({ schedules }) => schedules)).toEqual([[...plain.slice(0, 3), stepped[0]]]);
});
