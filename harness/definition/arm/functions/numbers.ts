import type { Result } from "../datum.ts";
import type { Arguments } from "./arguments.ts";
import { equalData } from "./conversions.ts";

/** Arithmetic on whole numbers and comparisons. */
export const NUMBERS: Readonly<Record<string, (args: Arguments) => Result>> = {
  add: (args) => args.number(0) + args.number(1),
  sub: (args) => args.number(0) - args.number(1),
  mul: (args) => args.number(0) * args.number(1),
  div: (args) => Math.trunc(args.number(0) / divisor(args)),
  mod: (args) => args.number(0) % divisor(args),
  min: (args) => Math.min(...numbersOf(args)),
  max: (args) => Math.max(...numbersOf(args)),
  equals: (args) => equalData(args.at(0), args.at(1), args.work),
  not: (args) => !args.flag(0),
  less: (args) => compare(args) < 0,
  lessorequals: (args) => compare(args) <= 0,
  greater: (args) => compare(args) > 0,
  greaterorequals: (args) => compare(args) >= 0,
};

function divisor(args: Arguments): number {
  const value = args.number(1);
  return value === 0 ? args.fail("divides by zero", "Correct the divisor.") : value;
}

function numbersOf(args: Arguments): number[] {
  const data = args.count === 1 && args.at(0).kind === "list" ? args.list(0).items : args.all;
  if (data.length === 0) return args.fail("wants at least one number", "Add a number.");
  return data.map((datum) =>
    datum.kind === "number" ? datum.value : args.fail("wants numbers only", "Give it numbers."),
  );
}

function compare(args: Arguments): number {
  if (args.at(0).kind === "number") return args.number(0) - args.number(1);
  const [one, other] = [args.text(0), args.text(1)];
  return one === other ? 0 : one < other ? -1 : 1;
}
