import { createHash } from "node:crypto";
import { isMap, parseDocument, type DocumentOptions, type ParseOptions, type SchemaOptions } from "yaml";
import { findShapeFault } from "./component-shape.ts";
import { parseGoDuration } from "./go-duration.ts";

/** A Dapr component as a file states it. */
export interface DaprComponent {
  readonly name: string;
  /** For example `bindings.cron`. */
  readonly type: string;
  readonly version: string;
  /** Values as daprd reads them: strings. One that comes from a secret or the environment is left out. */
  readonly metadata: Readonly<Record<string, string>>;
  /** App ids that load it; empty: all. */
  readonly scopes: readonly string[];
  readonly ignoreErrors: boolean;
  /** The file it stands in. */
  readonly path: string;
}

/** A document that daprd skips with a warning at most (daprd.md §1.3). */
export interface ComponentProblem {
  /** Counted from 1. */
  readonly document: number;
  readonly message: string;
}

export interface ComponentFile {
  readonly path: string;
  /** Lower-case hex, over the file's bytes. */
  readonly sha256: string;
  readonly components: readonly DaprComponent[];
  readonly problems: readonly ComponentProblem[];
}

/**
 * YAML as daprd reads it: version 1.1, of a key that stands twice the last, but dates and base-60 numbers stay text
 * (components named `12:30` and `2020-01-01` keep their names; seen on 1.18.2).
 */
export const DAPR_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  uniqueKeys: false,
  logLevel: "error",
  customTags: (tags) =>
    tags.filter(
      (tag) =>
        typeof tag === "string" || (tag.format !== "TIME" && tag.tag !== "tag:yaml.org,2002:timestamp"),
    ),
};

/**
 * Reads a component file as daprd's loader does: documents are separated by a line that begins with `---`, each one is
 * read for itself, and one that is malformed or no component is skipped. What daprd skips because it is malformed
 * is reported as a problem; nothing is thrown. Documents of other kinds (Subscription, Resiliency, …) are no problem.
 */
export function readComponentFile(path: string, bytes: Uint8Array): ComponentFile {
  const components: DaprComponent[] = [];
  const problems: ComponentProblem[] = [];
  for (const { number, text } of splitDocuments(new TextDecoder().decode(bytes))) {
    const outcome = readDocument(path, text);
    if (typeof outcome === "string") problems.push({ document: number, message: outcome });
    else if (outcome !== undefined) components.push(outcome);
  }
  return { path, sha256: createHash("sha256").update(bytes).digest("hex"), components, problems };
}

/** One document of a component file. */
export interface DocumentText {
  /** Counted from 1; those that are left out count too. */
  readonly number: number;
  /** Without the line that divides it from the one before. */
  readonly text: string;
  /** Where `text` begins in the file's. */
  readonly offset: number;
}

/**
 * The documents of a file as daprd divides them, without those that hold nothing but blanks and comments. A divider on
 * a last line that goes on after it and has no end, for example `--- # end`, takes the document before it away (seen on
 * 1.18.2): daprd waits for the end of that line.
 */
export function splitDocuments(text: string): DocumentText[] {
  const documents: DocumentText[] = [];
  let number = 1;
  let offset = /^---[^\n]*/.exec(text)?.[0].length ?? 0;
  for (const divider of text.slice(offset).matchAll(/\n---[^\n]*|$/g)) {
    const end = text.length - divider.input.length + divider.index;
    const part = text.slice(offset, end);
    const isLost = end + divider[0].length === text.length && divider[0].length > "\n---".length;
    if (!isLost && withoutComments(part) !== "") documents.push({ number, text: part, offset });
    number += 1;
    offset = end + divider[0].length;
  }
  return documents;
}

/** daprd looks at `.yaml` and `.yml` only, in any case, and not into folders. */
export function isComponentFileName(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** The path that daprd POSTs to for an input binding (daprd.md §2); the metadata key is case-sensitive. */
export function bindingRoute(component: DaprComponent): string {
  const route = component.metadata["route"];
  return route === undefined || route === "" ? `/${component.name}` : route;
}

/** The `direction` that a binding states; `null`: it states none, and daprd takes it for every one the type can do. */
export function statedDirection(component: DaprComponent): readonly string[] | null {
  const entry = Object.entries(component.metadata).find(([key]) => key.toLowerCase() === "direction");
  return entry === undefined ? null : entry[1].split(",").map((direction) => direction.trim().toLowerCase());
}

/**
 * `yes`: daprd will read it. `no`: it will not. `unknown`: the file alone does not say; then daprd's metadata has the
 * capability INPUT_BINDING or not.
 */
export function isInputBinding(component: DaprComponent): "yes" | "no" | "unknown" {
  if (!component.type.startsWith("bindings.")) return "no";
  const directions = statedDirection(component);
  if (directions !== null) return directions.includes("input") ? "yes" : "no";
  if (component.type === "bindings.cron") return "yes";
  return component.type === "bindings.azure.blobstorage" ? "no" : "unknown";
}

/**
 * Milliseconds between two ticks of a cron binding with an `@every` schedule; `undefined` for schedules by the wall
 * clock and for what cron refuses. The first tick is one interval after daprd found the app (daprd.md §2).
 */
export function cronIntervalMs(component: DaprComponent): number | undefined {
  const schedule = component.type === "bindings.cron" ? component.metadata["schedule"] : undefined;
  const every = /^@every (?<duration>.+)$/.exec(schedule ?? "")?.groups?.["duration"];
  return every === undefined ? undefined : parseGoDuration(every);
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*#.*$/gm, "").trim();
}

/** The component, a problem, or `undefined` for another kind of resource. */
function readDocument(path: string, text: string): DaprComponent | string | undefined {
  let content: unknown;
  try {
    const document = parseDocument(text, DAPR_YAML);
    // Of further documents in this one daprd reads nothing, and says nothing.
    const error = document.errors.find(({ code }) => code !== "MULTIPLE_DOCS");
    if (error !== undefined) return error.message.split("\n")[0] ?? error.message;
    if (!isMap(document.contents)) return "not a mapping, so no Dapr resource";
    content = document.toJS();
  } catch (error) {
    // Nested thousands deep, or aliases that multiply without end.
    return error instanceof Error ? (error.message.split("\n")[0] ?? error.message) : String(error);
  }
  const resource = asRecord(content);
  if (resource["kind"] !== "Component" || resource["apiVersion"] !== "dapr.io/v1alpha1") {
    return resource["kind"] === undefined ? "has no kind" : undefined;
  }
  const fault = findShapeFault(resource);
  if (fault !== undefined) return `${fault.path.join(".")} is ${fault.found} instead of ${fault.expected}`;
  const name = scalarText(asRecord(resource["metadata"])["name"]);
  const spec = asRecord(resource["spec"]);
  if (name === undefined || name === "") return "a component without metadata.name";
  if (typeof spec["type"] !== "string" || spec["type"] === "") return `component "${name}" without spec.type`;
  const scopes = resource["scopes"];
  return {
    name,
    type: spec["type"],
    version: typeof spec["version"] === "string" ? spec["version"] : "",
    metadata: readMetadata(spec["metadata"]),
    scopes: Array.isArray(scopes) ? scopes.map(String) : [],
    ignoreErrors: spec["ignoreErrors"] === true,
    path,
  };
}

function readMetadata(entries: unknown): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const entry of Array.isArray(entries) ? entries : []) {
    const { name, value } = asRecord(entry);
    if (typeof name !== "string" || value === undefined || value === null) continue;
    metadata[name] = scalarText(value) ?? JSON.stringify(value);
  }
  return metadata;
}

/** YAML 1.1, as daprd reads it: a component with `name: n` is called `false` (seen on 1.18.2). */
function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "boolean" || typeof value === "number" ? String(value) : undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
