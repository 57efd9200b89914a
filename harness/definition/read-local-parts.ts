import { stat } from "node:fs/promises";
import path from "node:path";

import { didYouMean } from "../shared/nearest.ts";
import { defined } from "./defined.ts";
import { describePath } from "./problems.ts";
import type { DaprSidecar, ImageBuild, SiteContainer, StorageAccount } from "./site-definition.ts";
import type { Value } from "./value.ts";

export function readStorageAccounts(value: Value | undefined): StorageAccount[] {
  const seen = new Set<string>();
  return (value?.items() ?? []).map((item) => {
    const nameValue = item.fields({ known: ["name"] }).required("name");
    const name = nameValue?.text() ?? "";
    if (name !== "" && !/^[a-z0-9]{3,24}$/.test(name)) {
      nameValue?.complain(
        `is ${JSON.stringify(name)}, which is no storage account name.`,
        "Use 3 to 24 lower-case letters and digits.",
      );
    } else if (name !== "" && seen.has(name)) {
      nameValue?.complain(`names the account "${name}" a second time.`, "Remove one of the two.");
    }
    seen.add(name);
    return { name };
  });
}

/** Builds, each under the image reference that some container has. Paths become absolute. */
export async function readBuilds(
  value: Value | undefined,
  directory: string,
  containers: readonly SiteContainer[],
): Promise<ReadonlyMap<string, ImageBuild>> {
  const images = containers.map(({ properties }) => properties.image);
  const builds = new Map<string, ImageBuild>();
  for (const { key, keyValue, value: build } of value?.entries() ?? []) {
    if (!images.includes(key)) {
      keyValue.complain(
        `names no image of a site container.${didYouMean(key, images)}`,
        `Use an image that a container has: ${list(images)}.`,
      );
    }
    builds.set(key, await readBuild(build, directory));
  }
  return builds;
}

async function readBuild(value: Value, directory: string): Promise<ImageBuild> {
  const fields = value.fields({ known: ["context", "dockerfile", "include", "prepare"] });
  const contextValue = fields.required("context");
  const dockerfileValue = fields.required("dockerfile");
  const context = path.resolve(directory, contextValue?.text() ?? "");
  const dockerfile = dockerfileValue?.text() ?? "";
  const contextFound = contextValue === undefined || (await checkPath(contextValue, context, "directory"));
  if (contextFound && dockerfileValue !== undefined && dockerfile !== "") {
    await checkPath(dockerfileValue, path.resolve(context, dockerfile), "file");
  }
  const prepare = fields.optional("prepare");
  const words = prepare?.items().map((item) => item.text({ empty: true }) ?? "");
  if (words?.length === 0) {
    prepare?.complain("is an empty command.", "Name a program, or leave it out.");
  }
  return defined({
    context,
    dockerfile,
    include: (fields.required("include")?.items() ?? []).map((item) => item.text() ?? ""),
    prepare: words,
  });
}

async function checkPath(
  value: Value,
  file: string,
  kind: "directory" | "file" | "file or folder",
): Promise<boolean> {
  const right = await stat(file).then(
    (stats) => (kind === "directory" ? stats.isDirectory() : kind === "file" ? stats.isFile() : true),
    () => false,
  );
  if (!right) {
    value.complain(
      `names ${describePath(file)}, where no ${kind} is.`,
      "Correct the path; it is relative to its file, a Dockerfile's to its context.",
    );
  }
  return right;
}

/** Each under a container of the site. The paths of component files become absolute; they are files or folders. */
export async function readDaprSidecars(
  value: Value | undefined,
  directory: string,
  containers: readonly SiteContainer[],
): Promise<DaprSidecar[]> {
  const names = containers.map(({ name }) => name);
  const seen = new Set<string>();
  const sidecars: DaprSidecar[] = [];
  for (const item of value?.items() ?? []) {
    const fields = item.fields({
      known: ["container", "resourcesPath", "httpPort", "grpcPort", "metricsPort", "componentFiles"],
    });
    const containerValue = fields.required("container");
    const container = containerValue?.text() ?? "";
    if (container !== "" && !names.includes(container)) {
      containerValue?.complain(
        `is "${container}", but the site has no such container.${didYouMean(container, names)}`,
        `Use one of: ${list(names)}.`,
      );
    } else if (container !== "" && seen.has(container)) {
      containerValue?.complain(`names "${container}" a second time.`, "Remove one of the two.");
    }
    seen.add(container);
    const pathValue = fields.required("resourcesPath");
    const resourcesPath = pathValue?.text() ?? "";
    if (resourcesPath !== "" && !resourcesPath.startsWith("/")) {
      pathValue?.complain(
        "is no absolute path in the container.",
        "Write what --resources-path names there.",
      );
    }
    const componentFiles = fields.optional("componentFiles");
    sidecars.push({
      container,
      resourcesPath,
      httpPort: fields.optional("httpPort")?.port() ?? 3500,
      grpcPort: fields.optional("grpcPort")?.port() ?? 50_001,
      metricsPort: fields.optional("metricsPort")?.port() ?? 9090,
      ...(componentFiles === undefined ? {} : { componentFiles: await readPaths(componentFiles, directory) }),
    });
  }
  return sidecars;
}

async function readPaths(value: Value, directory: string): Promise<string[]> {
  const paths: string[] = [];
  for (const item of value.items()) {
    const relative = item.text();
    if (relative === undefined) continue;
    const file = path.resolve(directory, relative);
    if (await checkPath(item, file, "file or folder")) paths.push(file);
  }
  return paths;
}

export function readObservedPorts(value: Value | undefined): number[] {
  const ports = (value?.items() ?? []).map((item) => ({ item, port: item.port() ?? 0 }));
  const seen = new Set<number>();
  for (const { item, port } of ports) {
    if (port !== 0 && seen.has(port)) {
      item.complain(`names port ${port} a second time.`, "Remove one of the two.");
    }
    seen.add(port);
  }
  return ports.map(({ port }) => port);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "(none)" : names.join(", ");
}
