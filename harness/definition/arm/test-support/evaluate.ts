import { readFileSync } from "node:fs";
import path from "node:path";

import { SitecarError } from "../../../errors/index.ts";
import { Problems } from "../../problems.ts";
import { SourceFile } from "../../source-file.ts";
import type { Value } from "../../value.ts";
import {
  evaluateTemplate,
  type EvaluatedTemplate,
  type EvaluateTemplateOptions,
} from "../evaluate-template.ts";

const SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

export interface Evaluation extends EvaluatedTemplate {
  /** The message that all problems make together; empty if there are none. */
  readonly failure: string;
}

/** The source of a template; what is left out is empty. */
export function templateOf(parts: Readonly<Record<string, unknown>>): SourceFile {
  const template = { $schema: SCHEMA, contentVersion: "1.0.0.0", resources: [], ...parts };
  return SourceFile.parse("main.json", JSON.stringify(template, undefined, 2));
}

/** A template of this directory. */
export function fixture(name: "plain" | "modules" | "loops" | "symbolic"): SourceFile {
  const file = path.join(import.meta.dirname, `${name}.json`);
  return SourceFile.parse(`${name}.json`, readFileSync(file, "utf8"));
}

export function parametersOf(
  values: Readonly<Record<string, unknown>>,
  name = "main.parameters.json",
): SourceFile {
  const parameters = Object.entries(values).map(([key, value]) => [key, { value }] as const);
  return SourceFile.parse(name, JSON.stringify({ parameters: Object.fromEntries(parameters) }, undefined, 2));
}

export function evaluate(source: SourceFile, options: EvaluateTemplateOptions = {}): Evaluation {
  const problems = new Problems();
  const evaluated = evaluateTemplate(source, problems, options);
  return { ...evaluated, failure: failureOf(problems) };
}

/** What all problems say together. */
export function failureOf(problems: Problems): string {
  try {
    problems.throwIfAny();
    return "";
  } catch (error) {
    if (error instanceof SitecarError) return error.message;
    throw error;
  }
}

/** The value of one expression, with further parts of the template around it. */
export function valueOf(
  expression: unknown,
  parts: Readonly<Record<string, unknown>> = {},
  options: EvaluateTemplateOptions = {},
): unknown {
  const evaluation = evaluate(
    templateOf({ ...parts, outputs: { it: { type: "any", value: expression } } }),
    options,
  );
  if (evaluation.failure !== "") return evaluation.failure;
  const [gap] = evaluation.unevaluable;
  if (gap !== undefined) return `unevaluable: ${gap.reason}`;
  const value = evaluation.outputs.get("it");
  return value === undefined ? undefined : plainOf(value);
}

/** A value as the JSON that it came from. */
export function plainOf(value: Value): unknown {
  if (value.isNull) return null;
  if (value.isList) return value.items().map(plainOf);
  if (value.isMap) {
    return Object.fromEntries(value.entries().map((entry) => [entry.key, plainOf(entry.value)]));
  }
  if (value.isText) return value.text({ empty: true });
  const literal = value.literal() ?? "";
  return JSON.parse(literal);
}
