/* oxlint-disable typescript/no-unsafe-type-assertion -- what is read here, a test has written. */
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";

import type { LoadedSite } from "../../definition/loaded-site.ts";
import { Origins } from "../../definition/origins.ts";
import type { Place, Problem } from "../../definition/problems.ts";
import type { DaprSidecar, SiteContainer, SiteDefinition } from "../../definition/site-definition.ts";
import { lintedFile, type LintedFile } from "../linted-file.ts";
import { lintedComponentFile } from "../read-components.ts";
import type { LintContext } from "../rule.ts";

const DIRECTORY = "/site";

export interface Written {
  /** Of the site's file. Default `sitecar.yaml`. */
  readonly name?: string;
  /** Texts of component files by name. */
  readonly components?: Readonly<Record<string, string>>;
  readonly problems?: readonly Problem[];
}

/**
 * What rules are handed for a site that is written in one text: a site file, or a spec file's list. Nothing is checked
 * and nothing but what the text says is known, so a rule can be shown the least that it speaks of.
 */
export function contextOf(text: string, written: Written = {}): LintContext {
  const file = lintedFile(`${DIRECTORY}/${written.name ?? "sitecar.yaml"}`, text);
  return {
    site: siteOf(file, written.problems ?? []),
    files: [file],
    components: Object.entries(written.components ?? {}).map(([name, component]) =>
      lintedComponentFile(`${DIRECTORY}/components/${name}`, Buffer.from(component)),
    ),
  };
}

function siteOf(file: LintedFile, problems: readonly Problem[]): LoadedSite {
  const { source } = file;
  if (source === undefined) throw new TypeError(`neither JSON nor YAML: ${file.text}`);
  const root = source.document.contents;
  const origins = new Origins();
  const placeOf = (node: unknown): Place => source.placeAt((node as Node).range?.[0] ?? 0);
  const record = (path: readonly string[], node: unknown): void => {
    origins.set(path, placeOf(node));
    if (isMap(node)) for (const { key, value } of node.items) record([...path, keyText(key)], value ?? key);
  };
  const parts = isMap(root) ? root : undefined;
  const containers = isSeq(root) ? root : parts?.get("siteContainers");
  for (const item of isSeq(containers) ? (containers.items as YAMLMap[]) : []) {
    const path = ["siteContainers", String(item.get("name"))];
    origins.set(path, placeOf(item));
    for (const { key, value } of (item.get("properties") as YAMLMap).items) {
      if (keyText(key) === "volumeMounts" && isSeq(value)) {
        value.items.forEach((mount, index) => record([...path, "volumeMounts", String(index)], mount));
      } else if (keyText(key) === "environmentVariables" && isSeq(value)) {
        for (const one of value.items as YAMLMap[]) {
          origins.set(
            [...path, "environmentVariables", String(one.get("name"))],
            placeOf(one.get("value", true)),
          );
        }
      } else record([...path, keyText(key)], value);
    }
  }
  for (const key of ["appSettings", "connectionStrings"]) {
    const list = parts?.get(key, true);
    if (isSeq(list)) {
      origins.set([key], placeOf(list));
      for (const item of list.items as YAMLMap[]) {
        origins.set([key, String(item.get("name"))], placeOf(item.get("value", true)));
      }
    } else if (list !== undefined) record([key], list);
  }
  for (const key of ["siteConfig", "identity", "serverFarm"]) {
    const part = parts?.get(key, true);
    if (part !== undefined) record([key], part);
  }
  return { definition: definitionOf(source.document.toJS()), origins, problems, files: [file.path] };
}

function definitionOf(written: unknown): SiteDefinition {
  const parts = (Array.isArray(written) ? { siteContainers: written } : written) as Record<string, unknown>;
  const settings = parts["appSettings"] ?? {};
  return {
    name: "site",
    identity: { type: "None" },
    storageAccounts: [],
    builds: {},
    observedPorts: [],
    ...(parts as Partial<SiteDefinition>),
    siteContainers: ((parts["siteContainers"] ?? []) as SiteContainer[]).map((container) => ({
      name: container.name,
      properties: {
        ...container.properties,
        isMain: container.properties.isMain ?? false,
        ...(container.properties.targetPort === undefined
          ? {}
          : { targetPort: String(container.properties.targetPort as unknown) }),
      },
    })),
    appSettings: Array.isArray(settings)
      ? (settings as { name: string; value: string }[])
      : Object.entries(settings).map(([name, value]) => ({ name, value: String(value) })),
    daprSidecars: ((parts["daprSidecars"] ?? []) as Partial<DaprSidecar>[]).map((sidecar) => ({
      container: "",
      resourcesPath: "/components",
      httpPort: 3500,
      grpcPort: 50_001,
      metricsPort: 9090,
      ...sidecar,
    })),
  };
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}
