import type { Result } from "../datum.ts";
import type { Arguments } from "./arguments.ts";
import { format } from "./format.ts";
import { guid, uniqueString } from "./hashes.ts";
import { stringOf } from "./conversions.ts";

const MOST_LETTERS = 1_048_576;

/** Functions of texts alone. Case counts only where Azure's documentation says so. */
export const TEXTS: Readonly<Record<string, (args: Arguments) => Result>> = {
  format: (args) => bounded(format(args), args),
  tolower: (args) => args.text(0).toLowerCase(),
  toupper: (args) => args.text(0).toUpperCase(),
  trim: (args) => args.text(0).trim(),
  replace(args) {
    const [text, old, fresh] = [args.text(0), args.text(1), args.text(2)];
    if (old === "") return args.fail("was given an empty text to replace", "Name the text to replace.");
    const count = text.split(old).length - 1;
    if (text.length + count * (fresh.length - old.length) > MOST_LETTERS) return tooLong(args);
    return text.replaceAll(old, () => fresh);
  },
  split(args) {
    const delimiters = args.at(1).kind === "list" ? args.list(1).items : [args.at(1)];
    const texts = delimiters.map((delimiter) => stringOf(delimiter, args.work)).filter((text) => text !== "");
    const [first] = texts;
    if (first === undefined) return [{ kind: "text", origin: args.origin, value: args.text(0) }];
    const parts = texts.reduce((found, text) => found.flatMap((part) => part.split(text)), [args.text(0)]);
    args.work.spend(parts.length);
    return parts.map((value) => ({ kind: "text", origin: args.origin, value }) as const);
  },
  join(args) {
    const { items } = args.list(0);
    return bounded(items.map((item) => stringOf(item, args.work)).join(args.text(1)), args);
  },
  substring(args) {
    const text = args.text(0);
    const start = args.index(1);
    const length = args.count > 2 ? args.index(2) : text.length - start;
    return start + length <= text.length && length >= 0
      ? text.slice(start, start + length)
      : args.fail(
          `wants ${length} letters from position ${start} on, but the text has ${text.length}`,
          "Correct position and length.",
        );
  },
  padleft(args) {
    const length = args.index(1);
    const padding = args.count > 2 ? args.text(2) : " ";
    if (padding.length !== 1) return args.fail("pads with one character", "Give one character.");
    if (length > MOST_LETTERS) return tooLong(args);
    return stringOf(args.at(0), args.work).padStart(length, padding);
  },
  startswith: (args) => args.text(0).toLowerCase().startsWith(args.text(1).toLowerCase()),
  endswith: (args) => args.text(0).toLowerCase().endsWith(args.text(1).toLowerCase()),
  uniquestring: (args) => uniqueString(args.texts()),
  guid: (args) => guid(args.texts()),
};

/** @throws {TemplateFault} for a text longer than any that Azure takes. */
export function bounded(text: string, args: Arguments): string {
  args.work.spend(Math.ceil(text.length / 100));
  return text.length > MOST_LETTERS ? tooLong(args) : text;
}

function tooLong(args: Arguments): never {
  return args.fail(`makes a text of more than ${MOST_LETTERS} characters`, "Azure takes no such text.");
}
