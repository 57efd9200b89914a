import { datumOf, type Datum, type ListDatum, type Origin } from "../datum.ts";
import { Gap, TemplateFault } from "../faults.ts";
import type { Frame } from "../frame.ts";
import type { Expression } from "../parse-expression.ts";
import { Arguments, settled } from "./arguments.ts";
import { setEntry } from "./collections.ts";
import { stringOf } from "./conversions.ts";

/** A call whose arguments are evaluated one by one, or not at all. */
export interface Call {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly frame: Frame;
  readonly origin: Origin;
  readonly evaluate: (expression: Expression, frame?: Frame) => Datum;
  readonly access: (base: Datum, key: Datum) => Datum | undefined;
}

export const SPECIAL_FORMS: Readonly<Record<string, (call: Call) => Datum>> = {
  if: (call) => argument(call, flag(call, 0) ? 1 : 2),
  and: (call) => datumOf(all(call, false), call.origin),
  or: (call) => datumOf(all(call, true), call.origin),
  coalesce(call) {
    for (const expression of call.args) {
      const value = call.evaluate(expression);
      if (value.kind === "answer" || settled(value).kind !== "null") return value;
    }
    return datumOf(null, call.origin);
  },
  tryget(call) {
    let found: Datum | undefined = argument(call, 0);
    for (const [index] of call.args.slice(1).entries()) {
      if (found === undefined) break;
      found = call.access(found, settled(argument(call, index + 1)));
    }
    return found ?? datumOf(null, call.origin);
  },
  parameters(call) {
    const name = text(call, 0);
    const { functionParameters, surroundings } = call.frame;
    if (functionParameters === undefined) return surroundings.parameter(name);
    const value = functionParameters.get(name.toLowerCase());
    return value ?? fail(call, `names no parameter of the function: "${name}"`, "Use one of its parameters.");
  },
  variables(call) {
    const name = text(call, 0);
    if (call.frame.functionParameters !== undefined) {
      return fail(call, "can't be used in a function of the template", "Hand the value in as a parameter.");
    }
    return call.frame.surroundings.variable(name);
  },
  copyindex(call) {
    const given = call.args.map((expression) => settled(call.evaluate(expression)));
    const [first, second] = given;
    const name = first?.kind === "text" ? first.value : undefined;
    const offset = name === undefined ? first : second;
    const loops = call.frame.copies;
    // Without a name it is the resource's loop, also inside a loop of one of its properties.
    const loop =
      name === undefined
        ? loops[0]
        : loops.findLast((candidate) => candidate.name?.toLowerCase() === name.toLowerCase());
    if (loop === undefined) {
      return fail(
        call,
        name === undefined ? "stands in no copy loop" : `names no copy loop around it: "${name}"`,
        "Use it inside a copy loop, with the loop's name.",
      );
    }
    return datumOf(loop.index + (offset?.kind === "number" ? offset.value : 0), call.origin);
  },
  lambda: (call) => fail(call, "can stand as an argument only", "Hand it to map, filter, reduce or sort."),
  lambdavariables(call) {
    const name = text(call, 0);
    return (
      call.frame.lambdaVariables.get(name.toLowerCase()) ??
      fail(call, `names no variable of a lambda around it: "${name}"`, "Use a name that the lambda declares.")
    );
  },
  map: (call) => {
    const items = list(call, 0).items.map((item, index) => apply(call, 1, [item], index));
    return datumOf(items, call.origin);
  },
  filter: (call) => {
    const items = list(call, 0).items.filter((item, index) => isTrue(call, apply(call, 1, [item], index)));
    return datumOf(items, call.origin);
  },
  reduce: (call) =>
    list(call, 0).items.reduce((sum, item, index) => apply(call, 2, [sum, item], index), argument(call, 1)),
  sort: (call) => {
    const items = list(call, 0).items.toSorted((a, b) => {
      if (isTrue(call, apply(call, 1, [a, b]))) return -1;
      return isTrue(call, apply(call, 1, [b, a])) ? 1 : 0;
    });
    return datumOf(items, call.origin);
  },
  toobject: (call) => {
    const entries = new Map<string, Datum>();
    for (const item of list(call, 0).items) {
      const key = stringOf(apply(call, 1, [item]), work(call));
      setEntry(entries, key, call.args.length > 2 ? apply(call, 2, [item]) : item);
    }
    return datumOf(entries, call.origin);
  },
  groupby: (call) => {
    const groups = new Map<string, Datum[]>();
    for (const [index, item] of list(call, 0).items.entries()) {
      const key = stringOf(apply(call, 1, [item], index), work(call));
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    const entries = [...groups].map(([key, items]) => [key, datumOf(items, call.origin)] as const);
    return datumOf(new Map(entries), call.origin);
  },
  mapvalues: (call) => {
    const { entries } = new Arguments(call.name, [argument(call, 0)], call.origin, work(call)).object(0);
    const mapped = [...entries].map(([key, value]) => [key, apply(call, 1, [value])] as const);
    return datumOf(new Map(mapped), call.origin);
  },
};

function fail(call: Call, message: string, remedy: string): never {
  throw new TemplateFault(`calls ${call.name}(), which ${message}.`, remedy);
}

function work(call: Call): Arguments["work"] {
  return call.frame.surroundings.session.work;
}

function argument(call: Call, index: number): Datum {
  const expression = call.args[index];
  if (expression === undefined) return fail(call, "has too few arguments", "Add the argument.");
  return call.evaluate(expression);
}

/** One evaluated argument, to be read as any function's. */
function single(call: Call, index: number): Arguments {
  return new Arguments(call.name, [argument(call, index)], call.origin, work(call));
}

function text(call: Call, index: number): string {
  return single(call, index).text(0);
}

function flag(call: Call, index: number): boolean {
  return single(call, index).flag(0);
}

function list(call: Call, index: number): ListDatum {
  return single(call, index).list(0);
}

/** Whether all are false, or one is true: it ends at the first that decides, and a gap counts only where none does. */
function all(call: Call, deciding: boolean): boolean {
  if (call.args.length === 0) return fail(call, "has too few arguments", "Add the argument.");
  let gap: Gap | undefined;
  for (const [index] of call.args.entries()) {
    try {
      if (flag(call, index) === deciding) return deciding;
    } catch (error) {
      if (!(error instanceof Gap)) throw error;
      gap = error;
    }
  }
  if (gap !== undefined) throw gap;
  return !deciding;
}

function isTrue(call: Call, value: Datum): boolean {
  const known = settled(value);
  if (known.kind !== "flag")
    return fail(call, "wants a lambda that gives true or false", "Correct the lambda.");
  return known.value;
}

/** Calls the lambda among the arguments; it may take the index as one variable more. */
function apply(call: Call, position: number, values: readonly Datum[], index?: number): Datum {
  const lambda = call.args[position];
  if (lambda?.kind !== "call" || lambda.name.toLowerCase() !== "lambda") {
    return fail(call, `wants a lambda as argument ${position + 1}`, "Write lambda('item', …).");
  }
  const names = lambda.args.slice(0, -1);
  const body = lambda.args.at(-1);
  const given = index === undefined ? values : [...values, datumOf(index, call.origin)];
  if (body === undefined || names.length > given.length) {
    return fail(call, `wants a lambda with at most ${given.length} variables`, "Correct the lambda.");
  }
  const lambdaVariables = new Map(call.frame.lambdaVariables);
  for (const [at, name] of names.entries()) {
    const value = given[at];
    if (name.kind === "literal" && value !== undefined) {
      lambdaVariables.set(String(name.value).toLowerCase(), value);
    }
  }
  return call.evaluate(body, { ...call.frame, lambdaVariables });
}
