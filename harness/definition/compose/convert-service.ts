import type { IgnoredInput } from "../loaded-site.ts";
import type { AppSettingPart, SiteContainerPart } from "../site-part.ts";
import type { Value } from "../value.ts";
import { composeEntries, type ComposeEntry } from "./compose-entries.ts";
import type { ComposeTexts } from "./compose-text.ts";
import { convertEnvironment } from "./convert-environment.ts";
import { convertVolumes } from "./convert-volumes.ts";
import { madeValue, type Made } from "./made-value.ts";

/** What the conversion knows of a service; everything else is passed over (A1.17). */
const CONVERTED = new Set(["image", "entrypoint", "command", "environment", "ports", "volumes"]);
/** Compose's restart policy is the platform's affair (A3.6). */
const SILENT = new Set(["restart"]);

/** Takes down what the conversion passes over. */
export type Ignore = (ignored: Omit<IgnoredInput, "by" | "place"> & { readonly at: Value }) => void;

export interface Conversion {
  readonly texts: ComposeTexts;
  readonly ignore: Ignore;
  /** The app setting of this name that the site has anyway, if it has. */
  readonly hasSetting: (name: string) => boolean;
}

/** A service as a site container, but for whether it is main. */
export interface ConvertedService {
  readonly service: string;
  readonly name: string;
  readonly hasPorts: boolean;
  /** The container's own part, when it is known whether it is main. */
  readonly part: (isMain: boolean) => SiteContainerPart;
  readonly appSettings: readonly AppSettingPart[];
}

/** Letters, digits and single hyphens, in lower case. */
export function containerNameOf(service: string): string {
  const name = service
    .replaceAll(/[^a-zA-Z0-9-]/g, "-")
    .replaceAll(/-+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
  return name === "" ? "container" : name;
}

export function convertService(entry: ComposeEntry, conversion: Conversion): ConvertedService | undefined {
  const { key: service, keyValue: at, value } = entry;
  const { texts, ignore } = conversion;
  if (!value.isMap) {
    ignore({ what: service, service, at, message: "is no object; the conversion skips the service." });
    return undefined;
  }
  const entries = new Map(composeEntries(value).map((one) => [one.key, one]));
  for (const { key, keyValue } of entries.values()) {
    if (CONVERTED.has(key) || SILENT.has(key)) continue;
    ignore({
      what: key,
      service,
      at: keyValue,
      message: `is passed over by the conversion to site containers.`,
    });
  }
  const name = containerNameOf(service);
  const properties: Record<string, Made> = {};
  const image = entries.get("image")?.value;
  const reference = image === undefined ? undefined : texts.of(image);
  if (image !== undefined && reference !== undefined) properties["image"] = { at: image, is: reference };
  const command = startUpCommand(service, entries, conversion);
  if (command !== undefined) properties["startUpCommand"] = command;
  const ports = entries.get("ports");
  const port = targetPort(service, ports?.value, conversion);
  if (port !== undefined) properties["targetPort"] = port;
  const environment = convertEnvironment(service, name, entries.get("environment")?.value, conversion);
  if (environment.references.length > 0) {
    const where = entries.get("environment")?.value ?? at;
    properties["environmentVariables"] = { at: where, is: environment.references };
  }
  const volumes = entries.get("volumes")?.value;
  const mounts = volumes === undefined ? [] : convertVolumes(service, volumes, conversion);
  if (volumes !== undefined && mounts.length > 0) properties["volumeMounts"] = { at: volumes, is: mounts };
  const called = `services.${service}`;
  return {
    service,
    name,
    hasPorts: port !== undefined,
    appSettings: environment.appSettings,
    part: (isMain) => ({
      name,
      nameAt: at.called(called),
      at: value,
      properties: madeValue(called, {
        at,
        is: {
          ...properties,
          isMain: { at, is: isMain },
          // The conversion leaves main's at its default, true (A1.7).
          ...(isMain ? {} : { inheritAppSettingsAndConnectionStrings: { at, is: false } }),
        },
      }),
    }),
  };
}

/** Entrypoint and command as one text, joined by blanks (A1.4). */
function startUpCommand(
  service: string,
  entries: ReadonlyMap<string, ComposeEntry>,
  { texts, ignore }: Conversion,
): Made | undefined {
  const read = (key: string): readonly string[] => {
    const value = entries.get(key)?.value;
    if (value === undefined || value.isNull) return [];
    if (value.isList) return value.peekItems().map((item) => texts.of(item) ?? "None");
    return (texts.of(value) ?? "").split(/\s+/).filter((word) => word !== "");
  };
  const entrypoint = read("entrypoint");
  const command = read("command");
  const at = entries.get("entrypoint")?.value ?? entries.get("command")?.value;
  if (at === undefined || entrypoint.length + command.length === 0) return undefined;
  const quoted = [...entrypoint, ...command].some((word) => /[\s"'\\]/.test(word));
  if (quoted) {
    ignore({
      what: "command",
      service,
      at,
      message: "has words with blanks or quotes, which are joined by blanks and not quoted again.",
    });
  }
  return { at, is: [...entrypoint, ...command].join(" ") };
}

/** The container's port of the first mapping that the conversion understands; all others are lost. */
function targetPort(
  service: string,
  value: Value | undefined,
  { texts, ignore }: Conversion,
): Made | undefined {
  let first: Made | undefined;
  for (const [index, item] of (value?.peekItems() ?? []).entries()) {
    const port = containerPort(texts.of(item));
    const what = `ports[${index}]`;
    if (port === undefined) {
      ignore({
        what,
        service,
        at: item,
        message:
          "is no mapping that the conversion understands: it takes <host>:<container> and <container>.",
      });
    } else if (first === undefined) {
      first = { at: item, is: port };
    } else {
      ignore({ what, service, at: item, message: "is passed over: a site container has one targetPort." });
    }
  }
  return first;
}

function containerPort(mapping: string | undefined): string | undefined {
  const [host = "", container] = (mapping ?? "").split(":").map((part) => part.trim());
  const whole = /^\d+$/;
  if (!whole.test(host)) return undefined;
  if (container === undefined) return host;
  return whole.test(container) ? container : undefined;
}
