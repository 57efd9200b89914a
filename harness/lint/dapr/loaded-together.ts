import path from "node:path";

import type { DaprSidecar } from "../../definition/site-definition.ts";
import type { LintedComponentFile } from "../linted-component-file.ts";
import type { LintContext } from "../rule.ts";
import { componentsOf, type ComponentView } from "./component-view.ts";

/** Components that one daprd loads. */
export interface LoadedTogether {
  /** In daprd's order: by file name, then by place. */
  readonly components: readonly ComponentView[];
  /** The sidecar that loads them, when the site says so. */
  readonly sidecar: DaprSidecar | undefined;
  /** All of a folder or a sidecar is at hand, not just files that were named one by one. */
  readonly isWhole: boolean;
}

/** The components as they are loaded: by the sidecar that the site names for a file, else by folder. */
export function loadedTogether(context: LintContext): LoadedTogether[] {
  const groups = new Map<string, ComponentView[]>();
  for (const component of componentsOf(context)) {
    if (component.file.passedOver !== undefined) continue;
    const key = groupOf(context, component.file);
    groups.set(key, [...(groups.get(key) ?? []), component]);
  }
  return [...groups.values()].map((components) => {
    const [first] = components;
    const sidecar = first && sidecarOf(context, first.file);
    return {
      components: components.toSorted((a, b) => compare(a.file.file.path, b.file.file.path)),
      sidecar,
      isWhole: sidecar !== undefined || first?.file.folder !== undefined,
    };
  });
}

/** The sidecar that loads a file, when the site says so. */
export function sidecarOf({ site }: LintContext, { file }: LintedComponentFile): DaprSidecar | undefined {
  return site?.definition.daprSidecars.find(({ componentFiles }) =>
    (componentFiles ?? []).some(
      (named) => named === file.path || file.path.startsWith(`${named}${path.sep}`),
    ),
  );
}

function groupOf(context: LintContext, file: LintedComponentFile): string {
  const sidecar = sidecarOf(context, file);
  return sidecar === undefined
    ? `folder ${file.folder ?? path.dirname(file.file.path)}`
    : `sidecar ${sidecar.container}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
