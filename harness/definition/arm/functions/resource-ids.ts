import type { Arguments } from "./arguments.ts";

/** Where a deployment goes; the ids of its resources begin so. */
export interface DeploymentScope {
  readonly kind: "resourceGroup" | "subscription" | "managementGroup" | "tenant";
  /** Functions, because asking for a stand-in is noted. */
  readonly subscriptionId: () => string;
  readonly resourceGroup: () => string;
}

/** `resourceId([subscriptionId], [resourceGroup], type, name, …)`. */
export function resourceId(args: Arguments, scope: DeploymentScope): string {
  const texts = args.texts();
  const at = texts.findIndex((text) => text.includes("/"));
  if (at === -1 || at > 2) {
    return args.fail("wants a resource type, such as Microsoft.Web/sites", "Name the type in full.");
  }
  const leading = texts.slice(0, at);
  const tail = providerPath(args, texts.slice(at));
  if (scope.kind === "tenant" || scope.kind === "managementGroup") return tail;
  if (scope.kind === "subscription") {
    const [first = scope.subscriptionId(), group] = leading;
    return group === undefined ? `/subscriptions/${first}${tail}` : `${groupPath(first, group)}${tail}`;
  }
  const group = leading.at(-1) ?? scope.resourceGroup();
  const subscription = leading.length === 2 ? (leading[0] ?? "") : scope.subscriptionId();
  return `${groupPath(subscription, group)}${tail}`;
}

/** `subscriptionResourceId([subscriptionId], type, name, …)`. */
export function subscriptionResourceId(args: Arguments, scope: DeploymentScope): string {
  const texts = args.texts();
  const named = texts[0]?.includes("/") === false;
  const subscription = named ? (texts[0] ?? "") : scope.subscriptionId();
  return `/subscriptions/${subscription}${providerPath(args, texts.slice(named ? 1 : 0))}`;
}

/** `tenantResourceId(type, name, …)`. */
export function tenantResourceId(args: Arguments): string {
  return providerPath(args, args.texts());
}

/** `managementGroupResourceId([group], type, name, …)`. */
export function managementGroupResourceId(args: Arguments): string {
  const [group = "", ...rest] = args.texts();
  return `/providers/Microsoft.Management/managementGroups/${group}${providerPath(args, rest)}`;
}

/** `extensionResourceId(id, type, name, …)`. */
export function extensionResourceId(args: Arguments): string {
  return `${args.text(0)}${providerPath(args, args.texts(1))}`;
}

/** Type and name of a resource by its id: of the last `providers` part. */
export function readResourceId(id: string): { readonly type: string; readonly name: string } | undefined {
  const at = id.toLowerCase().lastIndexOf("/providers/");
  if (at === -1) return undefined;
  const [namespace, ...segments] = id.slice(at + "/providers/".length).split("/");
  if (namespace === undefined || segments.length < 2 || segments.length % 2 === 1) return undefined;
  const types = segments.filter((_, index) => index % 2 === 0);
  const names = segments.filter((_, index) => index % 2 === 1);
  return { type: [namespace, ...types].join("/"), name: names.join("/") };
}

function groupPath(subscription: string, group: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}`;
}

function providerPath(args: Arguments, [type = "", ...names]: readonly string[]): string {
  const [namespace = "", ...types] = type.split("/");
  if (types.length === 0 || types.length !== names.length) {
    return args.fail(
      `has ${names.length} names for the ${types.length} parts of the type ${type}`,
      "Give one name for each part of the type after its namespace.",
    );
  }
  return `/providers/${namespace}${types.map((part, index) => `/${part}/${names[index] ?? ""}`).join("")}`;
}
