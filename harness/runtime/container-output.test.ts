import { expect, test } from "vitest";
import { ContainerOutput } from "./container-output.ts";

const never = new AbortController().signal;

test("an end is waited for while a life's output is read, and not otherwise", async () => {
  const output = new ContainerOutput();
  await output.ended(never);
  output.begin();
  const last = output.ended(never).then(() => output.last(1).map(({ text }) => text));
  output.write("stderr", Buffer.from("fatal: why"));
  output.end();
  expect(await last).toEqual(["fatal: why"]);
  await output.ended(never);
});

test("a wait for an end that does not come is given up", async () => {
  const output = new ContainerOutput();
  output.begin();
  const giveUp = new AbortController();
  let gaveUp = false;
  const ended = output.ended(giveUp.signal).then(() => (gaveUp = true));
  await new Promise(setImmediate);
  expect(gaveUp).toBe(false);
  giveUp.abort();
  await ended;
  await output.ended(giveUp.signal);
});
