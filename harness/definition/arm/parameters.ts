import { didYouMean } from "../../shared/nearest.ts";
import { describeDatum, entryOf, propertyOf, textOf, type Datum, type ObjectDatum } from "./datum.ts";
import { Gap } from "./faults.ts";
import { equalData } from "./functions/conversions.ts";
import type { Session } from "./session.ts";

/** What a parameter file or a nested deployment gives for one parameter. */
export type Given = { readonly value: Datum } | { readonly keyVault: Datum };

/** The declaration of a parameter with its type resolved. */
export interface ParameterDeclaration {
  readonly name: string;
  /** ARM's type in lower case, without the references of Bicep's own types. */
  readonly type: string;
  readonly secure: boolean;
  readonly nullable: boolean;
  readonly defaultValue: Datum | undefined;
  /** The limits, of the declaration and of the types that it refers to. */
  readonly limits: readonly Datum[];
  readonly at: Datum;
}

const SECURE = new Set(["securestring", "secureobject"]);

export function readDeclaration(
  name: string,
  at: Datum,
  definitions: Datum | undefined,
): ParameterDeclaration {
  const limits = [at];
  // Bicep's types refer to one another; a hundred is more than any real chain has.
  for (let current = at; limits.length < 100;) {
    const target = textOf(propertyOf(current, "$ref"))?.replace("#/definitions/", "");
    const next = target === undefined ? undefined : propertyOf(definitions, target);
    if (next === undefined) break;
    limits.push(next);
    current = next;
  }
  const type = limits.map((part) => textOf(propertyOf(part, "type"))).find((found) => found !== undefined);
  const folded = type?.toLowerCase() ?? "";
  return {
    name,
    type: folded,
    secure: SECURE.has(folded),
    nullable: limits.some((part) => isTrue(propertyOf(part, "nullable"))),
    defaultValue: at.kind === "object" ? entryOf(at.entries, "defaultValue") : undefined,
    limits,
    at,
  };
}

function isTrue(datum: Datum | undefined): boolean {
  return datum?.kind === "flag" && datum.value;
}

/** One parameter's entry in a parameter file or in a nested deployment's `parameters`. */
export function readGiven(entry: Datum): Given | undefined {
  if (entry.kind !== "object") return undefined;
  const value = entryOf(entry.entries, "value");
  if (value !== undefined) return { value };
  const reference = entryOf(entry.entries, "reference");
  return reference === undefined ? undefined : { keyVault: reference };
}

/** The parameters of a parameter file, as `az deployment` reads it: with its frame, or the inner object alone. */
export function readParameterFile(
  root: Datum,
  declared: readonly string[],
  session: Session,
): Map<string, Given> {
  const given = new Map<string, Given>();
  if (root.kind !== "object") {
    session.report(root.origin, "a parameter file must be an object.", 'Write { "parameters": {…} }.');
    return given;
  }
  if (root.entries.has("parametersJson")) {
    session.report(
      root.origin,
      "this is what `az bicep build-params --stdout` prints: files inside a file.",
      "Give the file that `az bicep build-params --outfile` writes.",
    );
    return given;
  }
  const parameters = entryOf(root.entries, "parameters") ?? root;
  if (parameters.kind !== "object") {
    session.report(parameters.origin, "parameters must be an object.", "Write {…}.");
    return given;
  }
  for (const [name, entry] of parameters.entries) {
    const value = readGiven(entry);
    const known = declared.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    const origin = parameters.keyOrigins?.get(name) ?? entry.origin;
    if (known === undefined) {
      const hint = didYouMean(name, declared);
      session.report(
        origin,
        `"${name}" is no parameter of the template.${hint}`,
        "Correct the name or remove it.",
      );
    } else if (value === undefined) {
      session.report(origin, `parameters.${name} has no "value".`, 'Write { "value": … }.');
    } else {
      given.set(known.toLowerCase(), value);
    }
  }
  return given;
}

/** Reports what Azure would refuse of a parameter's value. */
export function checkParameter(declaration: ParameterDeclaration, value: Datum, session: Session): void {
  if (value.kind === "unknown" || value.kind === "answer") return;
  const { name, type, nullable, secure } = declaration;
  if (value.kind === "null" && (nullable || type === "")) return;
  const wanted = KINDS.get(type);
  const complain = (message: string, remedy: string): void => {
    session.report(value.origin, `parameter "${name}" ${message}`, remedy);
  };
  if (wanted === undefined) {
    const at = declaration.at.origin;
    if (type !== "") session.report(at, `parameter "${name}" has an unknown type.`, `Use ${ALL_TYPES}.`);
    return;
  }
  const found = secure ? "a value of another type" : describeDatum(value);
  if (value.kind !== wanted || (value.kind === "number" && !Number.isInteger(value.value))) {
    complain(`must be of type ${type}, found ${found}.`, `Give a value of type ${type}.`);
    return;
  }
  try {
    for (const limits of declaration.limits) {
      if (limits.kind === "object") checkLimits(limits, value, complain, session);
    }
  } catch (error) {
    // An array with an unknown item can't be compared; Azure will.
    if (!(error instanceof Gap)) throw error;
  }
}

const KINDS: ReadonlyMap<string, Datum["kind"]> = new Map([
  ["string", "text"],
  ["securestring", "text"],
  ["int", "number"],
  ["bool", "flag"],
  ["array", "list"],
  ["object", "object"],
  ["secureobject", "object"],
]);
const ALL_TYPES = "string, securestring, int, bool, array, object or secureObject";

function checkLimits(
  limits: ObjectDatum,
  value: Datum,
  complain: (message: string, remedy: string) => void,
  session: Session,
): void {
  const allowed = propertyOf(limits, "allowedValues");
  const isAllowed = (wanted: Datum): boolean =>
    allowed?.kind !== "list" || allowed.items.some((item) => equalData(item, wanted, session.work));
  if (!isAllowed(value) && !(value.kind === "list" && value.items.every(isAllowed))) {
    const list = allowed?.kind === "list" ? allowed.items.map(describeDatum).join(", ") : "";
    complain("is not among its allowedValues.", `Use one of: ${list}.`);
  }
  const size =
    value.kind === "text" ? value.value.length : value.kind === "list" ? value.items.length : undefined;
  const bounds = [
    ["minValue", value.kind === "number" ? value.value : undefined, 1],
    ["maxValue", value.kind === "number" ? value.value : undefined, -1],
    ["minLength", size, 1],
    ["maxLength", size, -1],
  ] as const;
  for (const [bound, actual, sign] of bounds) {
    const limit = propertyOf(limits, bound);
    if (limit?.kind !== "number" || actual === undefined || (actual - limit.value) * sign >= 0) continue;
    complain(`breaks its ${bound} of ${limit.value}: it is ${actual}.`, "Give a value within the limits.");
  }
}
