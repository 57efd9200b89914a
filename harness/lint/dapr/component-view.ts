import { isMap, type Document, type Node } from "yaml";

import { findShapeFault } from "../../dapr/component-shape.ts";
import type { Place } from "../../definition/problems.ts";
import type { LintedComponentDocument, LintedComponentFile } from "../linted-component-file.ts";
import type { LintContext } from "../rule.ts";
import { findType, type FoundType } from "./known-types.ts";
import { faultOf, fieldOf, itemsOf, scalarText, startOf, type Field } from "./yaml-nodes.ts";

export const COMPONENT_API_VERSION = "dapr.io/v1alpha1";

/** A value with where it stands. */
export interface Located {
  /** As daprd reads it. */
  readonly text: string;
  readonly place: Place;
}

/** One entry of `spec.metadata`. */
export interface MetadataEntry {
  readonly name: string;
  readonly namePlace: Place;
  /** As daprd reads it; absent: it comes from elsewhere, or there is none. */
  readonly value: string | undefined;
  /** Of the value, else of the name. */
  readonly valuePlace: Place;
  readonly valueNode: Node | undefined;
  /** Where it comes from instead. */
  readonly reference: { readonly kind: "secretKeyRef" | "envRef"; readonly name: Located } | undefined;
}

/** A document that daprd loads as a component, with the place of everything rules speak of. */
export interface ComponentView {
  readonly file: LintedComponentFile;
  readonly name: string;
  readonly namePlace: Place;
  readonly type: Located;
  readonly version: Located | undefined;
  /** What is known of the type; absent: nothing. */
  readonly known: FoundType | undefined;
  readonly metadata: readonly MetadataEntry[];
  readonly scopes: readonly string[];
  readonly scopesPlace: Place;
  readonly secretStore: Located | undefined;
  readonly initTimeout: Located | undefined;
  readonly ignoreErrors: { readonly value: boolean; readonly place: Place };
}

/** A resource of any kind, as far as it can be read. */
export interface ResourceView {
  readonly file: LintedComponentFile;
  readonly document: LintedComponentDocument;
  readonly yaml: Document.Parsed;
  readonly root: Node;
  readonly kind: Located | undefined;
  readonly apiVersion: Located | undefined;
}

/** Documents that are a mapping without a fault of YAML, in files that daprd's loader would take or nearly takes. */
export function* resourcesOf(context: LintContext): Iterable<ResourceView> {
  for (const file of context.components) {
    // What has another ending is often a copy put aside: that it is not read is all there is to say.
    if (file.passedOver === "extension") continue;
    for (const document of file.documents) {
      const { yaml } = document;
      if (yaml === undefined || faultOf(yaml) !== undefined || !isMap(yaml.contents)) continue;
      const root = yaml.contents;
      const at = (name: string): Located | undefined => located(document, fieldOf(yaml, root, name));
      yield { file, document, yaml, root, kind: at("kind"), apiVersion: at("apiVersion") };
    }
  }
}

/** Made once for a context: every rule asks for them, and a context does not change. */
const VIEWS = new WeakMap<LintContext, readonly ComponentView[]>();

/** Documents that daprd loads as components (or would, in the right folder). */
export function componentsOf(context: LintContext): readonly ComponentView[] {
  const views =
    VIEWS.get(context) ??
    [...resourcesOf(context)]
      .filter((resource) => isComponent(resource) && shapeFaultOf(resource) === undefined)
      .flatMap((resource) => viewOf(resource) ?? []);
  VIEWS.set(context, views);
  return views;
}

export function isComponent({ kind, apiVersion }: ResourceView): boolean {
  return kind?.text === "Component" && apiVersion?.text === COMPONENT_API_VERSION;
}

export function shapeFaultOf({ yaml }: ResourceView): ReturnType<typeof findShapeFault> {
  try {
    return findShapeFault(yaml.toJS());
  } catch (error) {
    // Aliases that multiply without end.
    if (error instanceof Error) return { path: [], expected: "a finite document", found: error.message };
    throw error;
  }
}

/** The first entry of a name in any case, as most components look for it. */
export function entryOf(component: ComponentView, ...names: readonly string[]): MetadataEntry | undefined {
  const wanted = names.map((name) => name.toLowerCase());
  return component.metadata.find((entry) => wanted.includes(entry.name.toLowerCase()));
}

function viewOf({ file, document, yaml, root }: ResourceView): ComponentView | undefined {
  const placeOf = (node: Node | undefined): Place => document.placeAt(startOf(node));
  const within = (parent: string, name: string): Field | undefined =>
    fieldOf(yaml, fieldOf(yaml, root, parent)?.value, name);
  const name = within("metadata", "name");
  const type = located(document, within("spec", "type"));
  const nameText = scalarText(name?.value);
  if (nameText === undefined || nameText === "" || type === undefined || type.text === "") return undefined;
  const version = located(document, within("spec", "version"));
  const scopes = fieldOf(yaml, root, "scopes");
  const ignoreErrors = within("spec", "ignoreErrors");
  return {
    file,
    name: nameText,
    namePlace: placeOf(name?.value),
    type,
    version,
    known: findType(type.text, version?.text ?? ""),
    metadata: itemsOf(yaml, within("spec", "metadata")?.value).flatMap((item) => {
      const entry = entryView(document, yaml, item);
      return entry === undefined ? [] : [entry];
    }),
    scopes: itemsOf(yaml, scopes?.value).flatMap((scope) => scalarText(scope) ?? []),
    scopesPlace: placeOf(scopes?.key),
    secretStore: located(document, within("auth", "secretStore")),
    initTimeout: located(document, within("spec", "initTimeout")),
    ignoreErrors: {
      value: scalarText(ignoreErrors?.value) === "true",
      place: placeOf(ignoreErrors?.value ?? ignoreErrors?.key),
    },
  };
}

function entryView(
  document: LintedComponentDocument,
  yaml: Document.Parsed,
  item: Node,
): MetadataEntry | undefined {
  const nameNode = fieldOf(yaml, item, "name")?.value;
  const name = scalarText(nameNode);
  if (name === undefined) return undefined;
  const value = fieldOf(yaml, item, "value");
  const secret = located(document, fieldOf(yaml, fieldOf(yaml, item, "secretKeyRef")?.value, "name"));
  const variable = located(document, fieldOf(yaml, item, "envRef"));
  const hasValue = scalarText(value?.value) !== undefined;
  const reference =
    secret !== undefined && secret.text !== ""
      ? ({ kind: "secretKeyRef", name: secret } as const)
      : variable !== undefined && variable.text !== "" && !hasValue
        ? ({ kind: "envRef", name: variable } as const)
        : undefined;
  return {
    name,
    namePlace: document.placeAt(startOf(nameNode)),
    value: reference === undefined ? scalarText(value?.value) : undefined,
    valuePlace: document.placeAt(startOf(value?.value ?? nameNode)),
    valueNode: value?.value,
    reference,
  };
}

function located(document: LintedComponentDocument, field: Field | undefined): Located | undefined {
  const text = scalarText(field?.value);
  return text === undefined || field === undefined
    ? undefined
    : { text, place: document.placeAt(startOf(field.value ?? field.key)) };
}
