import { styleText } from "node:util";
import type { VariableOrigin } from "../../plan/environment.ts";
import type { ShownContainer, ShownSite, ShownVariable } from "./describe-site.ts";

const WIDTH = 100;
const LABEL = 14;
const NAME = 36;
const VALUE = 36;

/** A site as text, for a terminal of a hundred columns. */
export function formatSite(site: ShownSite): string {
  return [
    heading(`site "${site.site}"`),
    ...field("files", site.files),
    ...field("identity", [site.identity.type, ...Object.keys(site.identity.userAssignedIdentities ?? {})]),
    ...field("plan", [formatPlan(site)]),
    ...field("siteConfig", formatConfig(site)),
    ...field("storage", site.storageAccounts),
    ...field("/home", [
      site.homeIsShared
        ? "the site's persistent share"
        : "each container's own; only /home/LogFiles is shared",
    ]),
    ...field(
      "connections",
      site.connectionStrings.map(({ name, type, at }) => joined(`${name} (${type})`, at)),
    ),
    ...site.containers.flatMap(formatContainer),
    ...notes(
      "Key Vault references without an answer, passed as their own text",
      site.unresolved.map(({ what, secret, at }) => [`${what}: ${secret}`, at]),
    ),
    ...notes(
      "Only Azure knows; supply them with --set <path>=<value>",
      site.unevaluable.map(({ path, expression, at }) => [`${path}: ${expression}`, at]),
    ),
    ...notes(
      "Passed over in the Compose file",
      site.ignored.map(({ what, message, at }) => [`${what} ${message}`, at]),
    ),
  ].join("\n");
}

function formatContainer(container: ShownContainer): string[] {
  const { name, isMain, environment } = container;
  const folded = withoutTwins(environment);
  const mounts = container.volumeMounts.map(
    ({ containerMountPath, volumeSubPath, readOnly }) =>
      `${containerMountPath} is ${volumeSubPath}${readOnly === true ? ", read-only" : ""}`,
  );
  return [
    "",
    heading(`${name}${isMain ? " (main)" : ""}`),
    ...field("image", [container.image]),
    ...field("targetPort", [container.targetPort ?? (isMain ? "none: 80" : "none")]),
    ...field("start-up", [container.startUpCommand ?? "the image's own"]),
    ...field("mounts", mounts),
    ...field("inherits", [
      container.inherits
        ? "app settings and connection strings, each setting also as APPSETTING_<name>"
        : "nothing: no app settings, no platform's variables",
    ]),
    ...(folded.length === 0 ? field("environment", ["nothing but the image's own"]) : []),
    ...formatVariables(folded),
  ];
}

/** By source, so that a file's name stands once; beside each value what of its source is not its own name, and the line. */
function formatVariables(variables: readonly ShownVariable[]): string[] {
  const groups = Map.groupBy(variables, ({ origin, at }) => `${SOURCES[origin.from]}${inFile(at)}`);
  return [...groups].flatMap(([source, group]) => [
    `  ${styleText("dim", source)}`,
    ...group.flatMap(formatVariable),
  ]);
}

/** What its line has no room for stands below. */
function formatVariable(variable: ShownVariable): string[] {
  const { name, value, at } = variable;
  const shown = cut(JSON.stringify(value).slice(1, -1), VALUE).padEnd(VALUE);
  const line = `    ${name.padEnd(NAME)}  ${shown}  ${(at ?? "").replace(FILE, "")}`.trimEnd();
  const more = describeReference(variable);
  if (more === "") return [line];
  return line.length + more.length < WIDTH
    ? [`${line} ${styleText("dim", more)}`]
    : [line, `      ${styleText("dim", cut(more, WIDTH - 6))}`];
}

const SOURCES: Readonly<Record<VariableOrigin["from"], string>> = {
  platform: "the platform",
  identity: "the identity",
  harness: "sitecar",
  appSettings: "app settings",
  connectionStrings: "connection strings",
  environmentVariables: "environmentVariables",
};

/** The part of `file:line:column` that is the file, with the colon. */
const FILE = /^.*:(?=\d+:\d+$)/;

function inFile(at: string | undefined): string {
  const file = at === undefined ? undefined : FILE.exec(at)?.[0];
  return file === undefined ? "" : ` in ${file.slice(0, -1)}`;
}

function describeReference({ name, origin }: ShownVariable): string {
  if (origin.from === "environmentVariables") {
    return origin.found ? `app setting ${origin.setting}` : "no such app setting, so empty";
  }
  return (origin.from === "appSettings" || origin.from === "connectionStrings") && origin.name !== name
    ? origin.name
    : "";
}

/** An app setting's second name says nothing that the first does not. */
function withoutTwins(environment: readonly ShownVariable[]): readonly ShownVariable[] {
  const plain = new Map(environment.map((variable) => [variable.name, variable]));
  return environment.filter(({ name, value, origin }) => {
    if (!name.startsWith("APPSETTING_") || origin.from !== "appSettings") return true;
    const other = plain.get(name.slice("APPSETTING_".length));
    return other?.value !== value || other.origin.from !== "appSettings";
  });
}

function formatPlan({ serverFarm }: ShownSite): string {
  if (serverFarm === undefined) return "not among the files: no limits";
  const { name, capacity } = serverFarm.sku;
  return capacity === undefined ? name : `${name}, ${capacity} ${capacity === 1 ? "worker" : "workers"}`;
}

function formatConfig({ siteConfig, clientAffinityEnabled }: ShownSite): string[] {
  const entries = Object.entries(siteConfig).map(([name, value]) => `${name} ${value}`);
  return clientAffinityEnabled ? entries : [...entries, "clientAffinityEnabled false"];
}

function field(label: string, values: readonly string[]): string[] {
  return values.map((value, index) => `  ${(index === 0 ? label : "").padEnd(LABEL)}${value}`);
}

function notes(title: string, lines: readonly (readonly [line: string, at: string | undefined])[]): string[] {
  return lines.length === 0
    ? []
    : [
        "",
        heading(title),
        ...lines.flatMap(([line, at]) => [
          `  ${line}`,
          ...(at === undefined ? [] : [`    ${styleText("dim", at)}`]),
        ]),
      ];
}

function joined(text: string, at: string | undefined): string {
  return at === undefined ? text : `${text} at ${at}`;
}

function heading(text: string): string {
  return styleText("bold", text);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
