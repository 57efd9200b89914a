import { readComponentFile, type ComponentFile } from "../../dapr/component-files.ts";

export interface CronComponent {
  readonly name?: string;
  readonly schedule?: string;
  /** `null`: none is stated. */
  readonly direction?: string | null;
  readonly scopes?: readonly string[];
}

export function cronFile({
  name = "batch",
  schedule = "@every 1s",
  direction = "input",
  scopes = [],
}: CronComponent = {}): ComponentFile {
  const metadata = [
    { name: "schedule", value: schedule },
    { name: "route", value: `/.internal/${name}` },
    ...(direction === null ? [] : [{ name: "direction", value: direction }]),
  ];
  return componentFile(name, "bindings.cron", metadata, scopes);
}

export function blobFile(name = "blob"): ComponentFile {
  return componentFile(name, "bindings.azure.blobstorage", [
    { name: "accountName", value: "shopstorage" },
    { name: "containerName", value: "container1" },
  ]);
}

function componentFile(
  name: string,
  type: string,
  metadata: readonly { readonly name: string; readonly value: string }[],
  scopes: readonly string[] = [],
): ComponentFile {
  const content = {
    apiVersion: "dapr.io/v1alpha1",
    kind: "Component",
    metadata: { name },
    spec: { type, version: "v1", metadata },
    ...(scopes.length === 0 ? {} : { scopes }),
  };
  // JSON is YAML.
  return readComponentFile(`/components/${name}.yaml`, Buffer.from(JSON.stringify(content)));
}
