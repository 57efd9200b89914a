import { datumOf, propertyOf, textOf, type ObjectDatum } from "./datum.ts";
import { Deployment } from "./deployment.ts";
import { evaluateValue } from "./evaluate-value.ts";
import type { DeploymentScope } from "./functions/resource-ids.ts";
import { readGiven, type Given, type ParameterDeclaration } from "./parameters.ts";
import { DEPLOYMENT_TYPE, type Resource } from "./resource.ts";
import { TemplateBody } from "./template-body.ts";

/** The template of a nested deployment: with parameters of its own, or evaluated as a part of the outer one. */
export function makeChild(resource: Resource, parent: Deployment): TemplateBody | undefined {
  if (resource.type.toLowerCase() !== DEPLOYMENT_TYPE) return undefined;
  const { session } = parent;
  const properties = propertyOf(resource.raw, "properties");
  const template = propertyOf(properties, "template");
  if (template?.kind !== "object") {
    const link = propertyOf(properties, "templateLink") ?? resource.raw;
    session.noteGap(
      {
        kind: "unknown",
        origin: link.origin,
        expression: textOf(propertyOf(link, "uri")) ?? textOf(propertyOf(link, "id")) ?? "",
        reason: "the template of this deployment is in another place",
        suggestion: "Bring it in as a Bicep module, so that az bicep build puts it into this file.",
        faulty: false,
      },
      `${resource.path}.properties.templateLink`,
    );
    return undefined;
  }
  const prefix = `${resource.path}.properties.template.`;
  const { catalogue } = parent;
  const mode = textOf(propertyOf(propertyOf(properties, "expressionEvaluationOptions"), "scope"));
  if (mode?.toLowerCase() !== "inner") {
    return new TemplateBody({
      template,
      frame: resource.frame,
      prefix,
      catalogue,
      makeChild: (inner) => makeChild(inner, parent),
    });
  }
  const child = new Deployment({
    session,
    template,
    prefix,
    scope: childScope(resource, template, parent.scope),
    name: () => resource.nameDatum ?? datumOf(null, resource.raw.origin),
    catalogue,
    makeChild,
    given: (declaration) => givenByParent(declaration, resource),
    isRoot: false,
  });
  return child.body;
}

function givenByParent({ name }: ParameterDeclaration, resource: Resource): Given | undefined {
  const path = `${resource.path}.properties.parameters`;
  const parameters = propertyOf(propertyOf(resource.raw, "properties"), "parameters");
  const all = parameters?.kind === "text" ? evaluateValue(parameters, resource.frame, path) : parameters;
  const entry = propertyOf(all, name);
  const given = entry === undefined ? undefined : readGiven(entry);
  if (given === undefined || "keyVault" in given || parameters?.kind === "text") return given;
  return { value: evaluateValue(given.value, resource.frame, `${path}.${name}.value`) };
}

function childScope(resource: Resource, template: ObjectDatum, outer: DeploymentScope): DeploymentScope {
  const own = (key: string, inherited: () => string) => (): string =>
    textOf(resource.evaluate(key)) ?? inherited();
  return {
    kind: scopeKindOf(template),
    subscriptionId: own("subscriptionId", outer.subscriptionId),
    resourceGroup: own("resourceGroup", outer.resourceGroup),
  };
}

/** What a template is deployed to, by its schema. */
export function scopeKindOf(template: ObjectDatum): DeploymentScope["kind"] {
  const schema = textOf(propertyOf(template, "$schema"))?.toLowerCase() ?? "";
  if (schema.includes("/subscriptiondeploymenttemplate")) return "subscription";
  if (schema.includes("/managementgroupdeploymenttemplate")) return "managementGroup";
  return schema.includes("/tenantdeploymenttemplate") ? "tenant" : "resourceGroup";
}
