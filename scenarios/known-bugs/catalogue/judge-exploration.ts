import { expect } from "vitest";
import type { Exploration, FailingClass } from "../../../harness/lab/exploration.ts";
import type { Expected, ExpectedClass } from "./expected.ts";

/** Holds an exploration to what is known of its site: every bug found, named and judged as it has to be, and nothing else. */
export function expectFound({ classes }: Exploration, { classes: expected, also }: Expected): void {
  for (const one of expected) expectClass(classes, one);
  const unexpected = classes.filter(
    (found) =>
      !expected.some((one) => isOf(found, one)) &&
      !also.some((beginning) => titleOf(found).startsWith(beginning)),
  );
  expect(unexpected.map(titleOf)).toEqual([]);
}

/** The class that an expected one is found as. */
export function classOf(classes: readonly FailingClass[], expected: ExpectedClass): FailingClass | undefined {
  return classes.find((one) => isOf(one, expected));
}

function expectClass(classes: readonly FailingClass[], expected: ExpectedClass): void {
  const found = classOf(classes, expected);
  const title = `${expected.contract}: ${expected.symptom}`;
  expect(classes.map(titleOf), "the classes that were found").toContain(title);
  expect(
    found?.diagnoses.map(({ rule }) => rule),
    `the causes named of ${title}`,
  ).toContain(expected.cause);
  expect(expected.judgement, `the judgement of ${title}`).toContain(found?.judgement);
  const { threshold } = expected;
  if (threshold === undefined || found?.judgement !== "order-determined") return;
  const { holdsMs = Number.NaN, breaksMs = Number.NaN } = found.threshold ?? {};
  // Bisected to 100 ms; where starts by themselves differ by more, each side is moved to where it is the same every time.
  expect(Math.abs(breaksMs - holdsMs), `between a value that holds and one that breaks`).toBeLessThanOrEqual(
    threshold.apartMs ?? 300,
  );
  const middle = (holdsMs + breaksMs) / 2;
  expect(Math.abs(middle - threshold.ms), `${title}: the threshold, ${middle} ms`).toBeLessThanOrEqual(
    threshold.toleranceMs,
  );
}

function isOf(found: FailingClass, { contract, symptom }: ExpectedClass): boolean {
  return titleOf(found) === `${contract}: ${symptom}`;
}

/** Without the contract's subject, which its symptom names as well. */
function titleOf({ contract, symptom }: FailingClass): string {
  return `${contract.split("(", 1)[0]}: ${symptom}`;
}
