import { propertyOf, textOf, type Datum, type ObjectDatum, type Origin, type TextDatum } from "./datum.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import { Gap, TemplateFault } from "./faults.ts";
import { faulty, type Frame } from "./frame.ts";
import { readText } from "./parse-expression.ts";
import { fill } from "./fill.ts";

/** Azure's limit to the turns of one `copy` loop. */
const MOST_COPIES = 800;

/**
 * A value of a template with every expression in it evaluated. What can't be evaluated stands in it as unknown;
 * what is wrong has been reported. Never throws for what the template says.
 * @param path how messages call it.
 */
export function evaluateValue(value: Datum, frame: Frame, path: string): Datum {
  try {
    return frame.surroundings.session.work.deeper(() => {
      if (value.kind === "text") return evaluateText(value, frame, path);
      if (value.kind === "list") {
        const items = value.items.map((item, index) => evaluateValue(item, frame, `${path}[${index}]`));
        return { kind: "list", origin: value.origin, items };
      }
      return value.kind === "object" ? evaluateObject(value, frame, path) : value;
    });
  } catch (error) {
    return fallen(error, "", value.origin, frame, path);
  }
}

function evaluateText(text: TextDatum, frame: Frame, path: string): Datum {
  const read = readText(text.value);
  if ("literal" in read) return read.literal === text.value ? text : { ...text, value: read.literal };
  try {
    const value = evaluateExpression(frame.surroundings.session.parse(read.expression), frame, text.origin);
    return value.kind === "answer" ? { ...value, expression: text.value } : value;
  } catch (error) {
    return fallen(error, text.value, text.origin, frame, path);
  }
}

function fallen(error: unknown, expression: string, origin: Origin, frame: Frame, path: string): Datum {
  if (error instanceof TemplateFault) {
    frame.surroundings.session.report(origin, `${path} ${error.message}`, error.remedy);
    return faulty(expression, origin);
  }
  if (!(error instanceof Gap)) throw error;
  const { reason, suggestion } = error;
  return { kind: "unknown", origin, expression, reason, suggestion, faulty: error.faulty };
}

function evaluateObject(value: ObjectDatum, frame: Frame, path: string): Datum {
  const entries = new Map<string, Datum>();
  const keyOrigins = new Map<string, Origin>();
  for (const [written, child] of value.entries) {
    const keyOrigin = value.keyOrigins?.get(written) ?? child.origin;
    const loops = written.toLowerCase() === "copy" ? loopsOf(child) : undefined;
    if (loops !== undefined) {
      for (const loop of loops) {
        keyOrigins.set(loop.name, keyOrigin);
        entries.set(loop.name, evaluateLoop(loop, frame, `${path}.${loop.name}`));
      }
      continue;
    }
    const key = evaluateText(
      { kind: "text", origin: keyOrigin, value: written },
      frame,
      `${path}.${written}`,
    );
    const name = textOf(key) ?? written;
    keyOrigins.set(name, keyOrigin);
    // An unknown key makes its entry unknown: what it is called can't be told.
    entries.set(name, key.kind === "text" ? evaluateValue(child, frame, `${path}.${name}`) : key);
  }
  return { kind: "object", origin: value.origin, entries, keyOrigins };
}

/** A `copy` loop that makes an array: of a property, a variable or an output. */
export interface ArrayLoop {
  readonly name: string;
  readonly count: Datum;
  readonly input: Datum;
}

/** The loops of a `copy` element, `undefined` where it is a property that only has this name. */
export function loopsOf(value: Datum): ArrayLoop[] | undefined {
  if (value.kind !== "list" || value.items.length === 0) return undefined;
  const loops = value.items.map((item): ArrayLoop | undefined => {
    const [name, count, input] = [
      textOf(propertyOf(item, "name")),
      propertyOf(item, "count"),
      propertyOf(item, "input"),
    ];
    return name === undefined || count === undefined || input === undefined
      ? undefined
      : { name, count, input };
  });
  return loops.every((loop) => loop !== undefined) ? loops : undefined;
}

/** @param named whether `copyIndex` may name the loop; an output's loop has no name. */
export function evaluateLoop(loop: ArrayLoop, frame: Frame, path: string, named = true): Datum {
  const { origin } = loop.count;
  const count = readCount(loop.count, frame, `${path}.count`);
  if (typeof count !== "number") return count;
  const name = named ? loop.name : undefined;
  const items = Array.from({ length: count }, (_, index) =>
    evaluateValue(loop.input, { ...frame, copies: [...frame.copies, { name, index }] }, `${path}[${index}]`),
  );
  return { kind: "list", origin, items };
}

/** The turns of a loop, or the unknown that stands in their place. */
export function readCount(value: Datum, frame: Frame, path: string): number | Datum {
  const { session } = frame.surroundings;
  const count = fill(evaluateValue(value, frame, path), path, session);
  if (count.kind === "unknown" || count.kind === "answer") return count;
  if (
    count.kind === "number" &&
    Number.isInteger(count.value) &&
    count.value >= 0 &&
    count.value <= MOST_COPIES
  ) {
    return count.value;
  }
  const found = count.kind === "number" ? String(count.value) : count.kind;
  session.report(
    value.origin,
    `${path} must be a whole number from 0 to ${MOST_COPIES}, found ${found}.`,
    `Azure takes at most ${MOST_COPIES} turns of a loop.`,
  );
  return faulty("", value.origin);
}
