import { expect, test } from "vitest";
import { StartTimes } from "./start-times.ts";

test("a start is called ahead by what starts usually take, one that took long left aside", () => {
  const times = new StartTimes();
  expect(times.leadMs("main")).toBe(80);
  for (const ms of [60, 70, 900]) times.took("dapr", ms);
  expect(times.leadMs("main")).toBe(70);
});

test("only the last starts count", () => {
  const times = new StartTimes();
  for (let index = 0; index < 20; index++) times.took("main", 40);
  for (let index = 0; index < 9; index++) times.took("main", 110);
  expect(times.leadMs("main")).toBe(110);
});

test("storage is by itself: nothing is known of it until it was seen", () => {
  const times = new StartTimes();
  times.took("main", 90);
  expect(times.leadMs("storage")).toBe(0);
  times.took("storage", 5);
  expect([times.leadMs("storage"), times.leadMs("main")]).toEqual([5, 90]);
});

test("on a machine that takes for ever, a start is not called long before its time", () => {
  const times = new StartTimes();
  times.took("main", 5_000);
  expect(times.leadMs("main")).toBe(150);
});
