import type { SiteContainerPart } from "../site-part.ts";
import type { Value } from "../value.ts";

/** What Azure prints around a resource, and says nothing about the container. */
export const RESOURCE_KEYS = [
  "id",
  "kind",
  "location",
  "resourceGroup",
  "systemData",
  "tags",
  "type",
  "createdTime",
  "lastModifiedTime",
] as const;

/**
 * A list of site containers: the CLI's spec file, `{ name, properties }` (A1.14), or what `az webapp sitecontainers list`
 * prints, whose properties stand beside the name. Both shapes may carry what Azure prints around a resource.
 * `undefined`: it is no list, which has been reported.
 */
export function containerParts(value: Value): SiteContainerPart[] | undefined {
  const items = value.items();
  if (!value.isList) return undefined;
  return items.flatMap((item) => (isFlat(item) ? flatPart(item) : nestedPart(item)));
}

function isFlat(item: Value): boolean {
  const has = (key: string): boolean => item.peek(key, { ignoreCase: true }) !== undefined;
  return !has("properties") && (has("image") || has("isMain"));
}

/** The item is its own `properties`; that they are one value says so to the reader. */
function flatPart(item: Value): SiteContainerPart[] {
  const nameAt = item.peek("name", { ignoreCase: true });
  if (nameAt === undefined || nameAt.isNull) {
    item.complain('has no "name".', 'Add "name".');
    return [];
  }
  return [{ name: nameAt.text() ?? "", properties: item, at: item, nameAt }];
}

function nestedPart(item: Value): SiteContainerPart[] {
  const fields = item.fields({ known: ["name", "properties"], ignoreCase: true, ignored: RESOURCE_KEYS });
  const nameAt = fields.required("name");
  const properties = fields.required("properties");
  if (nameAt === undefined) return [];
  const name = nameAt.text() ?? "";
  return properties === undefined ? [] : [{ name, properties, at: item, nameAt }];
}
