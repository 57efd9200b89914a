import type { SiteDefinition } from "../../definition/site-definition.ts";
import type { RemedyChange } from "../diagnosis.ts";
import { withComponentKey } from "./component-key.ts";
import { addDaprdFlag, changeEntrypoint } from "./entrypoint.ts";
import { withExec } from "./shell-script.ts";
import {
  notApplicable,
  propertiesOf,
  readFileOf,
  withAppSetting,
  withFile,
  withProperties,
  type ContainerContents,
  type SiteCopy,
} from "./site-copy.ts";

/** Ports of daprd that the harness reads it by; a flag that moves one moves the site's word for it, too. */
const PORT_FLAGS: Readonly<Record<string, "httpPort" | "grpcPort" | "metricsPort">> = {
  "dapr-http-port": "httpPort",
  "dapr-grpc-port": "grpcPort",
  "metrics-port": "metricsPort",
};

/**
 * A changed copy of a site: its definition, and files that stand over its images'. The site itself is not touched.
 * @param copy the site, and the files that the run it is tried in already places.
 * @throws {SitecarError} REMEDY_NOT_APPLICABLE when what has to change can't be found.
 */
export async function applyRemedy(
  copy: SiteCopy,
  changes: readonly RemedyChange[],
  contents: ContainerContents,
): Promise<SiteCopy> {
  let changed = copy;
  for (const change of changes) changed = await applyChange(changed, change, contents);
  return changed;
}

async function applyChange(
  copy: SiteCopy,
  change: RemedyChange,
  contents: ContainerContents,
): Promise<SiteCopy> {
  switch (change.kind) {
    case "app-setting": {
      return withAppSetting(copy, change.name, change.value);
    }
    case "environment": {
      return withVariable(copy, change);
    }
    case "start-up-command": {
      return withProperties(copy, change.container, { startUpCommand: change.command });
    }
    case "component-key": {
      return await changeComponent(copy, change, contents);
    }
    case "daprd-flag": {
      const { container, flag, value } = change;
      const flagged = await addDaprdFlag(copy, contents, container, {
        flag,
        ...(value === undefined ? {} : { value }),
      });
      return movePort(flagged, change);
    }
    case "entrypoint": {
      const { container, replace, by } = change;
      return await changeEntrypoint(copy, contents, container, (script) =>
        script.includes(replace) ? script.replace(replace, () => by) : undefined,
      );
    }
    case "entrypoint-exec":
      break;
  }
  return await changeEntrypoint(copy, contents, change.container, withExec);
}

function movePort(
  copy: SiteCopy,
  { container, flag, value }: { readonly container: string; readonly flag: string; readonly value?: string },
): SiteCopy {
  const port = PORT_FLAGS[flag];
  if (port === undefined || value === undefined) return copy;
  const daprSidecars = copy.definition.daprSidecars.map((sidecar) =>
    sidecar.container === container ? { ...sidecar, [port]: Number(value) } : sidecar,
  );
  return { ...copy, definition: { ...copy.definition, daprSidecars } };
}

/** A variable's value is the name of an app setting (A1.8). */
function withVariable(
  copy: SiteCopy,
  { container, name, value }: Extract<RemedyChange, { readonly kind: "environment" }>,
): SiteCopy {
  const setting =
    typeof value === "string" ? `SITECAR_REMEDY_${name}` : settingOf(copy.definition, value.sameAs, name);
  if (setting === undefined) {
    throw notApplicable(
      `the site's files do not say where ${name} of the other container comes from`,
      `set ${name} of "${container}" by hand.`,
    );
  }
  const { environmentVariables = [] } = propertiesOf(copy, container);
  const changed = withProperties(copy, container, {
    environmentVariables: [
      ...environmentVariables.filter((variable) => variable.name !== name),
      { name, value: setting },
    ],
  });
  return typeof value === "string" ? withAppSetting(changed, setting, value) : changed;
}

function settingOf(definition: SiteDefinition, container: string, name: string): string | undefined {
  const properties = definition.siteContainers.find((one) => one.name === container)?.properties;
  const own = properties?.environmentVariables?.find((variable) => variable.name === name);
  if (own !== undefined) return own.value;
  const inherits = properties?.inheritAppSettingsAndConnectionStrings !== false;
  return inherits && definition.appSettings.some((setting) => setting.name === name) ? name : undefined;
}

async function changeComponent(
  copy: SiteCopy,
  { container, component, key, value }: Extract<RemedyChange, { readonly kind: "component-key" }>,
  contents: ContainerContents,
): Promise<SiteCopy> {
  const sidecar = copy.definition.daprSidecars.find((one) => one.container === container);
  if (sidecar === undefined) {
    throw notApplicable(
      `the site names no Dapr sidecar "${container}"`,
      "name it in the site's daprSidecars.",
    );
  }
  const found = await contents.files(container, sidecar.resourcesPath);
  const placed = (copy.files[container] ?? []).filter(({ path }) =>
    path.startsWith(`${sidecar.resourcesPath}/`),
  );
  for (const path of new Set([...placed, ...found].map((file) => file.path))) {
    const file = await readFileOf(copy, contents, container, path);
    const text = file === undefined ? undefined : withComponentKey(file.text, { component, key, value });
    if (file !== undefined && text !== undefined) return withFile(copy, container, { ...file, text });
  }
  throw notApplicable(
    `no file in ${sidecar.resourcesPath} of container "${container}" has component "${component}" before its start; its entrypoint may write it`,
    `set ${key} of "${component}" where its file is made.`,
  );
}

/** One line for each change, for a person. */
export function describeChange(change: RemedyChange): string {
  switch (change.kind) {
    case "app-setting": {
      return `app setting ${change.name}=${change.value}`;
    }
    case "environment": {
      return `${change.container}: ${change.name} ${typeof change.value === "string" ? `= ${change.value}` : `as "${change.value.sameAs}" has it`}`;
    }
    case "start-up-command": {
      return `${change.container}: start-up command ${change.command}`;
    }
    case "component-key": {
      return `${change.container}: component "${change.component}": ${change.key}: ${change.value}`;
    }
    case "daprd-flag": {
      return `${change.container}: daprd --${change.flag}${change.value === undefined ? "" : ` ${change.value}`}`;
    }
    case "entrypoint": {
      return `${change.container}: entrypoint: ${change.by} in place of ${change.replace}`;
    }
    case "entrypoint-exec":
      break;
  }
  return `${change.container}: entrypoint: exec before its last program`;
}
