import type { Rule, RuleFinding } from "../rule.ts";
import { COMPONENT_API_VERSION, resourcesOf, type ResourceView } from "./component-view.ts";
import { closestOf, hasCategory } from "./known-types.ts";
import { fieldOf, scalarText } from "./yaml-nodes.ts";

/** Kinds of resources that Dapr has, in their spelling. */
const KINDS = [
  "Component",
  "Configuration",
  "HTTPEndpoint",
  "MCPServer",
  "Resiliency",
  "Subscription",
  "WorkflowAccessPolicy",
];

export const componentNotRecognised: Rule = {
  id: "SC103",
  name: "component-not-recognised",
  severity: "error",
  title: "daprd does not take this document for the component that it is.",
  reason:
    "daprd takes a document for a component when kind is exactly Component and apiVersion exactly dapr.io/v1alpha1. Anything else it passes over without a word, and starts healthy without it.",
  source: "daprd 1.18 pkg/internal/loader/disk/manifest.go; seen on 1.18.2",
  remedy: "Write kind: Component and apiVersion: dapr.io/v1alpha1.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n",
  *check(context) {
    for (const resource of resourcesOf(context)) yield* findingsOf(resource);
  },
};

function* findingsOf(resource: ResourceView): Iterable<RuleFinding> {
  const { kind, apiVersion, document } = resource;
  const start = document.placeAt(resource.root.range?.[0] ?? 0);
  const isDapr = apiVersion?.text.startsWith("dapr.io/") === true;
  if (kind === undefined || kind.text === "") {
    if (!isDapr && !hasComponentType(resource)) return;
    yield {
      place: start,
      message: "this has no kind, so daprd passes over it without a word.",
      remedy: "Add kind: Component.",
    };
    return;
  }
  if (kind.text === "Component") {
    if (apiVersion?.text === COMPONENT_API_VERSION) return;
    yield {
      place: apiVersion?.place ?? start,
      message:
        apiVersion === undefined
          ? "this component has no apiVersion, so daprd passes over it without a word."
          : `apiVersion "${apiVersion.text}" is not a component's, so daprd passes over it without a word.`,
      remedy: `Write apiVersion: ${COMPONENT_API_VERSION}.`,
    };
    return;
  }
  const meant = KINDS.includes(kind.text) ? undefined : closestOf(kind.text, KINDS);
  if (meant === undefined || (!isDapr && !hasComponentType(resource))) return;
  yield {
    place: kind.place,
    message: `there is no kind "${kind.text}", so daprd passes over this document without a word.`,
    remedy: `Write kind: ${meant}, in that spelling.`,
  };
}

function hasComponentType({ yaml, root }: ResourceView): boolean {
  const type = scalarText(fieldOf(yaml, fieldOf(yaml, root, "spec")?.value, "type")?.value);
  return type !== undefined && hasCategory(type);
}
