import { SitecarError } from "../errors/index.ts";
import type { FaultData } from "../schedule/step.ts";
import { didYouMean } from "../shared/nearest.ts";
import { describeAttribute } from "./describe-kinds.ts";
import type { FaultAttribute, FaultKind } from "./fault-kind.ts";
import { FAULT_KINDS } from "./kinds.ts";

export interface CheckFaultOptions {
  /** Where somebody wrote it, for messages: `steps[2].inject`. */
  readonly path?: string;
  /** The site's, and storage if it has any. Absent: containers are not checked, whoever injects it finds out. */
  readonly containers?: readonly string[];
}

/**
 * The kind of a fault whose data are all right.
 * @throws {SitecarError} FAULT_UNKNOWN, FAULT_INVALID
 */
export function checkFault(data: FaultData, options: CheckFaultOptions = {}): FaultKind {
  const kind = kindOf(data.fault, options.path);
  for (const [name, value] of Object.entries(data)) {
    if (name !== "fault") checkValue(kind, { name, value, options });
  }
  for (const [name, attribute] of Object.entries(kind.attributes)) {
    if (attribute.required && data[name] === undefined) {
      throw invalid(kind, `needs ${name}`, options, [[name, attribute]]);
    }
  }
  return kind;
}

/** @throws {SitecarError} FAULT_UNKNOWN */
export function kindOf(name: string, path?: string): FaultKind {
  const kind = FAULT_KINDS.find((one) => one.name === name);
  if (kind !== undefined) return kind;
  const known = FAULT_KINDS.map((one) => one.name);
  throw new SitecarError("FAULT_UNKNOWN", {
    message: `there is no fault ${JSON.stringify(name)}.${didYouMean(name, known)}`,
    observations: [
      ...(path === undefined ? [] : [{ label: "named at", value: path }]),
      { label: "known", value: known.join(", ") },
    ],
    remedy: "use one of the known kinds; `sitecar faults` says what each does.",
  });
}

interface GivenValue {
  readonly name: string;
  readonly value: unknown;
  readonly options: CheckFaultOptions;
}

function checkValue(kind: FaultKind, { name, value, options }: GivenValue): void {
  const attribute = Object.hasOwn(kind.attributes, name) ? kind.attributes[name] : undefined;
  if (attribute === undefined) {
    const known = Object.keys(kind.attributes);
    throw invalid(kind, `has no ${name}`, options, Object.entries(kind.attributes), didYouMean(name, known));
  }
  const { containers } = options;
  const isContainer = attribute.names === "container" && containers !== undefined;
  if (fits(value, attribute) && !(isContainer && !containers.includes(String(value)))) return;
  const choices = isContainer ? containers : (attribute.oneOf ?? []);
  const suggestion = typeof value === "string" ? didYouMean(value, choices) : "";
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw invalid(
    kind,
    `can't have ${name} ${shown}`,
    options,
    [[name, isContainer ? { ...attribute, oneOf: containers } : attribute]],
    suggestion,
  );
}

function fits(value: unknown, { type, least, most, whole, oneOf }: FaultAttribute): boolean {
  if (typeof value !== type) return false;
  if (typeof value === "number") {
    const inRange = value >= (least ?? -Infinity) && value <= (most ?? Infinity) && Number.isFinite(value);
    return inRange && (whole !== true || Number.isInteger(value));
  }
  return typeof value !== "string" || (value !== "" && (oneOf === undefined || oneOf.includes(value)));
}

function invalid(
  kind: FaultKind,
  what: string,
  { path }: CheckFaultOptions,
  attributes: readonly (readonly [string, FaultAttribute])[],
  suggestion = "",
): SitecarError {
  return new SitecarError("FAULT_INVALID", {
    message: `the fault "${kind.name}" ${what}.${suggestion}`,
    observations: [
      ...(path === undefined ? [] : [{ label: "named at", value: path }]),
      ...attributes.map(([label, attribute]) => ({ label, value: describeAttribute(attribute) })),
    ],
    remedy: "correct it; `sitecar faults` lists what each kind takes.",
  });
}
