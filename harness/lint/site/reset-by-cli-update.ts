import { isMap, isScalar, isSeq } from "yaml";

import { describePlace } from "../../definition/problems.ts";
import { isContainerList, type LintedFile } from "../linted-file.ts";
import type { Rule } from "../rule.ts";

const KEYS = [
  { key: "targetPort", flag: "--target-port" },
  { key: "startUpCommand", flag: "--startup-cmd" },
] as const;

export const resetByCliUpdate: Rule = {
  id: "SC035",
  name: "reset-by-cli-update",
  severity: "warning",
  title: "Azure has lost a container's targetPort or startUpCommand that another file states.",
  reason:
    "az webapp sitecontainers update without --target-port or --startup-cmd sets both to null, whatever else it was to change. The list that Azure prints then lacks what the deployment's file states.",
  source: "A1.15",
  remedy: "Give both options at every update, or deploy the file again.",
  *check({ site, files = [] }) {
    if (site === undefined) return;
    for (const file of files.filter(isContainerList)) {
      for (const { name, at, valueOf } of containersOf(file)) {
        const properties = site.definition.siteContainers.find((one) => one.name === name)?.properties;
        for (const { key, flag } of KEYS) {
          const stated = site.origins.exact("siteContainers", name, key);
          if (properties?.[key] === undefined || stated === undefined || stated.file === file.path) continue;
          if (valueOf(key) !== null) continue;
          yield {
            place: file.source?.placeAt(at) ?? stated,
            message: `"${name}" has no ${key} on Azure, but ${JSON.stringify(properties[key])} at ${describePlace(stated)}.`,
            remedy: `Deploy it again, and give ${flag} at every az webapp sitecontainers update, which else resets it.`,
          };
        }
      }
    }
  },
};

interface Listed {
  readonly name: string;
  /** Offset in the file. */
  readonly at: number;
  /** `null` for what Azure prints as null; `undefined` for what it does not print. */
  readonly valueOf: (key: string) => unknown;
}

function containersOf({ source }: LintedFile): Listed[] {
  const root = source?.document.contents;
  return (isSeq(root) ? root.items : [])
    .filter((item) => isMap(item))
    .map((item) => {
      const properties = item.get("properties");
      const inner = isMap(properties) ? properties : item;
      return {
        name: String(item.get("name")),
        at: item.range?.[0] ?? 0,
        valueOf: (key) => {
          const node = inner.get(key, true);
          return isScalar(node) ? node.value : undefined;
        },
      };
    });
}
