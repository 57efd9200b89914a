import { parseDocument } from "yaml";

import { DAPR_YAML, splitDocuments } from "../dapr/component-files.ts";
import type { ResourceFile } from "./read-resources.ts";

/** A resource of kind Resiliency. */
export interface Resiliency {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Those that daprd loads: of a file only its first document (seen on 1.18.2), and only with a scope of this app or none. */
export function readResiliencies(files: readonly ResourceFile[], appId: string): readonly Resiliency[] {
  return files.flatMap(({ text }) => {
    const [first] = splitDocuments(text);
    const resource = first?.number === 1 ? recordOf(parsed(first.text)) : {};
    if (resource["kind"] !== "Resiliency") return [];
    const scopes = resource["scopes"];
    if (Array.isArray(scopes) && scopes.length > 0 && !scopes.includes(appId)) return [];
    const name = recordOf(resource["metadata"])["name"];
    return [{ name: typeof name === "string" ? name : "", spec: recordOf(resource["spec"]) }];
  });
}

function parsed(text: string): unknown {
  const document = parseDocument(text, DAPR_YAML);
  return document.errors.length > 0 ? undefined : document.toJS();
}

/** Anything as a mapping; what is none, is empty. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
