import type { Datum, Origin, UnknownDatum } from "./datum.ts";
import type { DeploymentScope } from "./functions/resource-ids.ts";
import type { Session } from "./session.ts";

/** One running `copy` loop. */
export interface CopyLoop {
  readonly name: string | undefined;
  readonly index: number;
}

/** A function that a template defines, as `func` in Bicep. */
export interface UserFunction {
  readonly parameters: readonly string[];
  /** With one argument for each parameter. */
  readonly call: (args: readonly Datum[]) => Datum;
}

/** What an expression can ask the deployment that it stands in. */
export interface Surroundings {
  readonly session: Session;
  readonly scope: DeploymentScope;
  readonly name: () => Datum;
  /** Each of these throws a TemplateFault for a name that the template has not. */
  readonly parameter: (name: string) => Datum;
  readonly variable: (name: string) => Datum;
  readonly userFunction: (name: string) => UserFunction | undefined;
  /** A resource by its symbolic name, id or name. */
  readonly reference: (target: string, full: boolean, origin: Origin) => Datum;
  /** The id and the name of a resource by its symbolic name. */
  readonly resourceInfo: (symbolicName: string, origin: Origin) => Datum;
}

/** Where an expression stands. */
export interface Frame {
  readonly surroundings: Surroundings;
  /** Outermost first. */
  readonly copies: readonly CopyLoop[];
  readonly lambdaVariables: ReadonlyMap<string, Datum>;
  /** Inside a function of the template, which sees nothing but them. */
  readonly functionParameters?: ReadonlyMap<string, Datum>;
  /** A parameter's default, the one place where `utcNow` and `newGuid` may stand. */
  readonly isDefault?: boolean;
}

export function frameOf(surroundings: Surroundings): Frame {
  return { surroundings, copies: [], lambdaVariables: new Map() };
}

/** A value for which a problem has been reported. */
export function faulty(expression: string, origin: Origin): UnknownDatum {
  return { kind: "unknown", origin, expression, reason: "", suggestion: "", faulty: true };
}
