import { stat } from "node:fs/promises";
import path from "node:path";

import type { InputPart } from "../inputs/input-part.ts";
import type { Opener } from "../inputs/opener.ts";
import type { IgnoredInput } from "../loaded-site.ts";
import type { AppSettingPart } from "../site-part.ts";
import { Value } from "../value.ts";
import { composeEntries } from "./compose-entries.ts";
import { ComposeTexts } from "./compose-text.ts";
import { convertService, type ConvertedService, type Ignore } from "./convert-service.ts";
import { madeValue } from "./made-value.ts";

export interface ComposeContext {
  readonly opener: Opener;
  /** Of the site's other files. */
  readonly settings: readonly AppSettingPart[];
  readonly supplied: Readonly<Record<string, string>>;
  /** The service that is main; `undefined`: as the conversion chooses. */
  readonly mainService: string | undefined;
}

const TOP_KEYS = new Set(["version", "services", "networks", "volumes"]);

/**
 * A Compose file as the Azure CLI converts it (A1.17; `az webapp sitecontainers convert`, azure-cli 2.91). Read by YAML
 * 1.1, as the CLI does; merge keys, anchors and variables as in Compose. Variables come from what was supplied, the site's app
 * settings and the `.env` beside the file.
 */
export async function readCompose(
  root: Value,
  context: ComposeContext,
): Promise<{ readonly part: InputPart; readonly ignored: readonly IgnoredInput[] }> {
  const file = Value.root(root.source.asYaml11(), root.problems, "");
  const ignored: IgnoredInput[] = [];
  const ignore: Ignore = ({ at, ...what }) => ignored.push({ by: "compose", place: at.place, ...what });
  const variables = await readVariables(root, context);
  const texts = new ComposeTexts(
    (name) => variables.get(name),
    (at, message) => ignore({ what: at.name, at, message }),
  );
  const settings = new Set(context.settings.map(({ name }) => name));
  const top = composeEntries(file);
  for (const { key, keyValue } of top) {
    if (TOP_KEYS.has(key) || key.startsWith("x-")) continue;
    ignore({ what: key, at: keyValue, message: "is passed over by the conversion to site containers." });
  }
  const services = top.find(({ key }) => key === "services")?.value ?? file;
  if (!services.isMap || services === file) services.complain("has no services.", 'Add "services": { … }.');
  const converted = (services === file ? [] : composeEntries(services)).flatMap(
    (entry) => convertService(entry, { texts, ignore, hasSetting: (name) => settings.has(name) }) ?? [],
  );
  const main = chooseMain(converted, context.mainService, services, ignore);
  const part: InputPart = {
    kind: "compose",
    root,
    part: {
      siteContainers: converted.map((one) => one.part(one === main)),
      appSettings: converted.flatMap(({ appSettings }) => appSettings),
      // The conversion ends with it.
      siteConfig: {
        linuxFxVersion: madeValue("siteConfig.linuxFxVersion", { at: services, is: "SITECONTAINERS" }),
      },
    },
  };
  return { part, ignored };
}

/** The only service with ports; of several the first, and without any the first of all. */
function chooseMain(
  converted: readonly ConvertedService[],
  wanted: string | undefined,
  at: Value,
  ignore: Ignore,
): ConvertedService | undefined {
  if (wanted !== undefined) {
    const found = converted.find(({ service, name }) => service === wanted || name === wanted);
    if (found !== undefined) return found;
    const names = converted.map(({ service }) => service).join(", ");
    return at.complain(`has no service "${wanted}", which has to be main.`, `Use one of: ${names}.`);
  }
  const withPorts = converted.filter(({ hasPorts }) => hasPorts);
  const main = withPorts[0] ?? converted[0];
  if (main !== undefined && withPorts.length !== 1 && converted.length > 1) {
    const why = withPorts.length === 0 ? "no service has ports" : "several services have ports";
    ignore({
      what: "services",
      at,
      message: `${why}; the conversion makes the first, "${main.service}", main.`,
    });
  }
  return main;
}

/** Later ones win: the `.env` beside the file, the site's app settings, what was supplied. */
async function readVariables(
  root: Value,
  { opener, settings, supplied }: ComposeContext,
): Promise<ReadonlyMap<string, string>> {
  const variables = new Map<string, string>();
  const file = path.join(path.dirname(root.source.path), ".env");
  const isThere = await stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
  const values = isThere ? await opener.open(file) : undefined;
  for (const key of values?.peekKeys() ?? []) {
    const value = values?.peek(key)?.peekScalar();
    if (value !== undefined) variables.set(key, String(value));
  }
  for (const { name, value } of settings) {
    const text = value.peekScalar();
    if (text !== undefined) variables.set(name, String(text));
  }
  for (const [name, value] of Object.entries(supplied)) variables.set(name, value);
  return variables;
}
