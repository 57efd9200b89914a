import { Gap } from "../faults.ts";
import type { Arguments } from "./arguments.ts";
import { stringOf } from "./conversions.ts";

const ITEM = /\{\{|\}\}|\{(\d+)(?:,\s*(-?\d+))?(?::([^{}]*))?\}|[{}]/g;

/** `format()`: .NET's composite formatting, `{index[,width][:format]}`. */
export function format(args: Arguments): string {
  return args.text(0).replaceAll(ITEM, (item, index: string | undefined, width = "0", specifier = "") => {
    if (item === "{{") return "{";
    if (item === "}}") return "}";
    if (index === undefined) {
      return args.fail(`has a single "${item}" in its text`, `Write "${item}${item}" for the sign itself.`);
    }
    const position = Number(index) + 1;
    if (position >= args.count) {
      return args.fail(
        `has "{${index}}" in its text but ${args.count - 1} further arguments`,
        "Add the argument, or correct the number: the first is {0}.",
      );
    }
    const text = formatItem(args, position, specifier);
    const columns = Math.min(Math.abs(Number(width)), 10_000);
    return Number(width) < 0 ? text.padEnd(columns) : text.padStart(columns);
  });
}

function formatItem(args: Arguments, position: number, specifier: string): string {
  const datum = args.at(position);
  // .NET looks at the format of what has one: numbers, not texts.
  if (datum.kind !== "number" || specifier === "") return stringOf(datum, args.work);
  const { value } = datum;
  const [, letter = "", digits = ""] = /^([a-zA-Z])(\d{0,2})$/.exec(specifier) ?? [];
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  switch (letter) {
    case "d":
    case "D":
      return sign + String(size).padStart(Number(digits), "0");
    case "x":
    case "X": {
      const hex = BigInt.asUintN(value < -0x80000000 ? 64 : 32, BigInt(Math.trunc(value))).toString(16);
      const padded = hex.padStart(Number(digits), "0");
      return letter === "X" ? padded.toUpperCase() : padded;
    }
    case "f":
    case "F":
      return value.toFixed(digits === "" ? 2 : Number(digits));
    case "n":
    case "N": {
      const places = digits === "" ? 2 : Number(digits);
      return value.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
    }
    case "g":
    case "G":
      return String(value);
    default:
      return /^0+$/.test(specifier)
        ? sign + String(size).padStart(specifier.length, "0")
        : notKnown(specifier);
  }
}

function notKnown(specifier: string): never {
  throw new Gap({
    reason: `the number format "${specifier}" is not known here`,
    suggestion: "Supply the text that the expression gives.",
  });
}
