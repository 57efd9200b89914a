import { didYouMean } from "../../shared/nearest.ts";
import { datumOf, describeDatum, entryOf, type Datum, type Origin, type Result } from "./datum.ts";
import { Gap, TemplateFault } from "./faults.ts";
import type { Frame } from "./frame.ts";
import { Arguments, settled } from "./functions/arguments.ts";
import { AZURE, isListFunction, notEvaluable } from "./functions/azure.ts";
import { COLLECTIONS } from "./functions/collections.ts";
import { CONVERSIONS } from "./functions/conversions.ts";
import { NUMBERS } from "./functions/numbers.ts";
import { SPECIAL_FORMS, type Call } from "./functions/special-forms.ts";
import { TEXTS } from "./functions/texts.ts";
import type { Expression } from "./parse-expression.ts";

const PLAIN: ReadonlyMap<string, (args: Arguments) => Result> = new Map([
  ...Object.entries(CONVERSIONS),
  ...Object.entries(TEXTS),
  ...Object.entries(COLLECTIONS),
  ...Object.entries(NUMBERS),
]);
const LAZY: ReadonlyMap<string, (call: Call) => Datum> = new Map(Object.entries(SPECIAL_FORMS));
const OF_AZURE: ReadonlyMap<string, (args: Arguments, frame: Frame) => Result> = new Map(
  Object.entries(AZURE),
);

/**
 * The value of an expression.
 * @throws {TemplateFault} Azure would refuse it.
 * @throws {Gap} only Azure knows it.
 */
export function evaluateExpression(expression: Expression, frame: Frame, origin: Origin): Datum {
  return chain(expression, frame, origin) ?? { kind: "null", origin };
}

/** `undefined`: a safe access found nothing, so that the rest of its chain gives nothing either. */
function chain(expression: Expression, frame: Frame, origin: Origin): Datum | undefined {
  return frame.surroundings.session.work.deeper(() => {
    if (expression.kind === "literal") return datumOf(expression.value, origin);
    if (expression.kind === "call") return evaluateCall(expression, frame, origin);
    const base = chain(expression.of, frame, origin);
    if (base === undefined) return undefined;
    const key = evaluateExpression(expression.key, frame, origin);
    const found = access(base, settled(key));
    if (found === undefined && !expression.safe) return missing(base, key);
    return found?.kind === "null" && expression.safe ? undefined : found;
  });
}

/** A property or an item, `undefined` where there is none. @throws {Gap} where only Azure knows. */
export function access(base: Datum, key: Datum): Datum | undefined {
  if (base.kind === "answer") {
    const found = key.kind === "text" ? base.get(key.value) : undefined;
    if (found !== undefined) return found;
    throw new Gap(base);
  }
  const known = settled(base);
  if (known.kind === "null") return undefined;
  if (known.kind === "object" && key.kind === "text") return entryOf(known.entries, key.value);
  if (known.kind === "list" && key.kind === "number") return known.items.at(key.value);
  throw new TemplateFault(
    `asks ${describeDatum(known)} for ${describeDatum(key)}.`,
    "Ask an object for a name, an array for a number.",
  );
}

function missing(base: Datum, key: Datum): never {
  const name = describeDatum(key);
  if (base.kind === "object" && key.kind === "text") {
    const known = [...base.entries.keys()];
    throw new TemplateFault(
      `asks for the property ${name}, which the object has not.${didYouMean(key.value, known)}`,
      known.length === 0 ? "The object is empty." : `It has: ${known.slice(0, 20).join(", ")}.`,
    );
  }
  throw new TemplateFault(`asks ${describeDatum(base)} for ${name}.`, "There is no such item.");
}

function evaluateCall(
  { name, args }: Extract<Expression, { kind: "call" }>,
  frame: Frame,
  origin: Origin,
): Datum {
  const { session } = frame.surroundings;
  const folded = name.toLowerCase();
  const evaluate = (expression: Expression, inner: Frame = frame): Datum =>
    evaluateExpression(expression, inner, origin);
  const special = LAZY.get(folded);
  if (special !== undefined) return special({ name, args, frame, origin, evaluate, access });
  const evaluated = (): Arguments =>
    new Arguments(
      name,
      args.map((argument) => evaluateArgument(argument, frame, origin)),
      origin,
      session.work,
    );
  const plain = PLAIN.get(folded);
  if (plain !== undefined) return datumOf(plain(evaluated()), origin);
  const ofAzure = OF_AZURE.get(folded);
  if (ofAzure !== undefined) return datumOf(ofAzure(evaluated(), frame), origin);
  if (isListFunction(folded)) throw notEvaluable(name);
  const defined = frame.surroundings.userFunction(name);
  if (defined === undefined) {
    const known = [...PLAIN.keys(), ...LAZY.keys(), ...OF_AZURE.keys()];
    throw new TemplateFault(
      `calls ${name}(), which is no function of a template.${didYouMean(folded, known)}`,
      "Use a function that Azure Resource Manager knows.",
    );
  }
  const given = args.map((argument) => evaluateArgument(argument, frame, origin));
  if (given.length !== defined.parameters.length) {
    throw new TemplateFault(
      `calls ${name}() with ${given.length} arguments; it has ${defined.parameters.length} parameters.`,
      "Give one argument for each parameter.",
    );
  }
  return defined.call(given);
}

/** An argument that only Azure knows is unknown, not the whole call: a function may pass it on without looking. */
function evaluateArgument(argument: Expression, frame: Frame, origin: Origin): Datum {
  try {
    return evaluateExpression(argument, frame, origin);
  } catch (error) {
    if (!(error instanceof Gap)) throw error;
    const { reason, suggestion } = error;
    return {
      kind: "unknown",
      origin,
      expression: `[${argument.written}]`,
      reason,
      suggestion,
      faulty: error.faulty,
    };
  }
}
