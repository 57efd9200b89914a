import { SitecarError } from "../../errors/index.ts";
import { describePlace } from "../problems.ts";
import type { SitePart } from "../site-part.ts";
import type { Value } from "../value.ts";
import type { Datum } from "./datum.ts";
import { propertyOf, textOf } from "./datum.ts";
import type { EvaluatedResource, EvaluatedTemplate } from "./evaluate-template.ts";
import type { UnevaluablePart } from "./session.ts";
import { appSettingsOf, connectionStringsOf, fieldOf, stickyNamesOf } from "./site-settings.ts";

export interface SiteFromTemplateOptions {
  /** Which site, where the template has several. */
  readonly site?: string;
  /** Which of its slots. Default: the production slot. */
  readonly slot?: string;
}

export interface TemplateSite {
  readonly part: SitePart;
  /** `undefined` where the template has no site. */
  readonly site: string | undefined;
  readonly slot: string | undefined;
  /** What of this site only Azure knows. */
  readonly unevaluable: readonly UnevaluablePart[];
}

const SITE = "microsoft.web/sites";
const SLOT = "microsoft.web/sites/slots";

/**
 * What an evaluated template says of one site: the site itself or one of its slots, its site containers and
 * configuration wherever in the template they stand, its App Service plan, and every storage account.
 * A template without any site gives what it has beside.
 * @throws {SitecarError} SITE_NOT_FOUND for several sites of which none was chosen, or one chosen that is not there.
 */
export function siteFromTemplate(
  template: EvaluatedTemplate,
  options: SiteFromTemplateOptions = {},
): TemplateSite {
  const site = chooseSite(template, options.site);
  const storageAccounts = ofType(template.resources, "microsoft.storage/storageaccounts").flatMap(
    (resource) => {
      const at = fieldOf(resource.value, "name");
      return resource.name === undefined || at === undefined ? [] : [{ name: resource.name, at }];
    },
  );
  const storage = storageAccounts.length === 0 ? {} : { storageAccounts };
  if (site === undefined) {
    return { part: storage, site: undefined, slot: undefined, unevaluable: gapsOf(template, storage, []) };
  }
  const { slot } = options;
  if (slot !== undefined) checkSlot(template, site, slot);
  const parts = new SiteResources(template, site, slot);
  const part: SitePart = { ...readSitePart(parts, template), ...storage };
  return { part, site, slot, unevaluable: gapsOf(template, part, parts.all) };
}

/** The resources that make up one site or slot. */
class SiteResources {
  readonly site: string;
  readonly slot: string | undefined;
  readonly itself: EvaluatedResource | undefined;
  readonly containers: readonly EvaluatedResource[];
  readonly all: readonly EvaluatedResource[];
  readonly #configurations: readonly EvaluatedResource[];
  readonly #sticky: EvaluatedResource | undefined;

  constructor({ resources }: EvaluatedTemplate, site: string, slot: string | undefined) {
    this.site = site;
    this.slot = slot;
    const base = slot === undefined ? SITE : SLOT;
    const path = slot === undefined ? site : `${site}/${slot}`;
    const below = (type: string, parent: string): EvaluatedResource[] =>
      ofType(resources, type).filter(({ name }) => sameText(parentOf(name), parent));
    this.itself = ofType(resources, base).findLast(({ name }) => sameText(name, path));
    this.containers = below(`${base}/sitecontainers`, path);
    this.#configurations = below(`${base}/config`, path);
    // Which settings stay with their slot is said once for the whole site.
    this.#sticky = below(`${SITE}/config`, site).findLast(({ name }) =>
      sameText(lastOf(name), "slotConfigNames"),
    );
    const one = this.itself === undefined ? [] : [this.itself];
    this.all = [...one, ...this.containers, ...this.#configurations];
  }

  /** The properties of `Microsoft.Web/sites/config` of a name: a site has one of each. */
  configuration(name: string): Value | undefined {
    return this.#configurations.findLast((resource) => sameText(lastOf(resource.name), name))?.properties;
  }

  get sticky(): Value | undefined {
    return this.#sticky?.properties;
  }
}

function readSitePart(parts: SiteResources, template: EvaluatedTemplate): SitePart {
  const { itself } = parts;
  const web = parts.configuration("web");
  const siteConfig = fieldOf(itself?.properties, "siteConfig");
  // What stands in config/web is deployed after the site and wins.
  const configured = (key: string): Value | undefined => fieldOf(web, key) ?? fieldOf(siteConfig, key);
  const sticky = stickyNamesOf(parts.sticky);
  const name = nameOf(parts, template);
  const affinity = fieldOf(itself?.properties, "clientAffinityEnabled");
  const identity = fieldOf(itself?.value, "identity");
  const serverFarm = serverFarmOf(itself, template);
  const appSettings = appSettingsOf(parts.configuration("appsettings"), configured("appSettings"), sticky);
  const connectionStrings = connectionStringsOf(
    parts.configuration("connectionstrings"),
    configured("connectionStrings"),
    sticky,
  );
  const read = Object.fromEntries(
    ["linuxFxVersion", "healthCheckPath", "numberOfWorkers"].flatMap((key) => {
      const value = configured(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return {
    ...(name === undefined ? {} : { name }),
    ...(parts.containers.length === 0 ? {} : { siteContainers: containersOf(parts) }),
    ...(appSettings === undefined ? {} : { appSettings }),
    ...(connectionStrings === undefined ? {} : { connectionStrings }),
    ...(Object.keys(read).length === 0 ? {} : { siteConfig: read }),
    ...(affinity === undefined ? {} : { clientAffinityEnabled: affinity }),
    ...(identity === undefined ? {} : { identity }),
    ...(serverFarm === undefined ? {} : { serverFarm }),
  };
}

function containersOf({ containers }: SiteResources): NonNullable<SitePart["siteContainers"]> {
  return containers.flatMap(({ name, value, properties }) => {
    if (properties !== undefined) return [{ name: lastOf(name) ?? "", properties, at: value }];
    value.complain('has no "properties".', 'Add "properties" with the image.');
    return [];
  });
}

/** The site's name: as it stands, or the first part of the name of something below it. */
function nameOf(parts: SiteResources, { toValue }: EvaluatedTemplate): Value | undefined {
  const [bearer] = parts.all;
  const at = propertyOf(bearer?.datum, "name");
  if (bearer === undefined || at === undefined) return undefined;
  return toValue({ kind: "text", origin: at.origin, value: parts.site }, `${bearer.path}.name`);
}

/** The plan that the site says it runs on; the only one of the template where that can't be told. */
function serverFarmOf(
  itself: EvaluatedResource | undefined,
  { resources, toValue }: EvaluatedTemplate,
): Value | undefined {
  const farms = ofType(resources, "microsoft.web/serverfarms").filter(({ existing }) => !existing);
  const id = textOf(propertyOf(propertyOf(itself?.datum, "properties"), "serverFarmId"));
  const isKnown = id !== undefined && !id.startsWith("[");
  const farm = isKnown
    ? farms.find(({ name }) => sameText(name, id.split("/").at(-1) ?? ""))
    : itself !== undefined && farms.length === 1
      ? farms[0]
      : undefined;
  const sku = propertyOf(farm?.datum, "sku");
  if (farm === undefined || sku?.kind !== "object") return undefined;
  const kept = ["name", "capacity"].flatMap((key): [string, Datum][] => {
    const value = propertyOf(sku, key);
    return value === undefined ? [] : [[key, value]];
  });
  const part: Datum = { kind: "object", origin: sku.origin, entries: new Map(kept) };
  return toValue({ kind: "object", origin: sku.origin, entries: new Map([["sku", part]]) }, farm.path);
}

function chooseSite(template: EvaluatedTemplate, wanted: string | undefined): string | undefined {
  const sites = new Map<string, EvaluatedResource>();
  for (const resource of template.resources) {
    const type = resource.type.toLowerCase();
    const site = resource.name?.split("/", 1)[0];
    if (site === undefined || (type !== SITE && !type.startsWith(`${SITE}/`))) continue;
    if (type === SITE || !sites.has(site.toLowerCase())) sites.set(site.toLowerCase(), resource);
  }
  if (sites.size === 0) return undefined;
  const [only] = sites.values();
  const chosen =
    wanted === undefined ? (sites.size === 1 ? only : undefined) : sites.get(wanted.toLowerCase());
  if (chosen?.name !== undefined) return chosen.name.split("/", 1)[0];
  const names = [...sites.values()].map(({ name = "" }) => name.split("/", 1)[0] ?? "");
  throw new SitecarError("SITE_NOT_FOUND", {
    message:
      wanted === undefined
        ? `the template has ${sites.size} sites, and none was chosen.`
        : `the template has no site "${wanted}".`,
    observations: [...sites.values()].map((resource, index) => ({
      label: names[index] ?? "",
      value: `${kindOf(resource)}at ${describePlace(resource.place)}`,
    })),
    remedy: `choose one of them: --site ${names[0] ?? ""}.`,
  });
}

function kindOf({ datum }: EvaluatedResource): string {
  const kind = textOf(propertyOf(datum, "kind"));
  return kind === undefined ? "" : `${kind}, `;
}

function checkSlot({ resources }: EvaluatedTemplate, site: string, wanted: string): void {
  const slots = new Set(
    resources
      .filter(
        ({ type, name }) => type.toLowerCase().startsWith(SLOT) && sameText(name?.split("/", 1)[0], site),
      )
      .map(({ name }) => name?.split("/", 2)[1] ?? ""),
  );
  if ([...slots].some((slot) => sameText(slot, wanted))) return;
  const known = [...slots].join(", ");
  throw new SitecarError("SITE_NOT_FOUND", {
    message: `the site "${site}" of the template has no slot "${wanted}".`,
    observations: [{ label: "slots", value: known === "" ? "none but production" : known }],
    remedy: "name one of them, or none for the production slot.",
  });
}

/** Ends of paths of gaps that decide whether there is something at all. */
const STRUCTURAL = /\.(?:copy\.count|properties\.templateLink)$/;

function gapsOf(
  { unevaluable, resources }: EvaluatedTemplate,
  part: SitePart,
  used: readonly EvaluatedResource[],
): UnevaluablePart[] {
  const names = valuesOf(part).map(({ name }) => name);
  const nameless = resources.filter(
    ({ name, type }) => name === undefined && /^microsoft\.(?:web|storage)\//i.test(type),
  );
  const paths = [
    ...names,
    ...[...used, ...nameless].flatMap(({ path }) => [`${path}.name`, `${path}.condition`]),
  ];
  return unevaluable.filter(
    ({ path }) =>
      STRUCTURAL.test(path) ||
      paths.some((taken) => path === taken || path.startsWith(`${taken}.`) || path.startsWith(`${taken}[`)),
  );
}

function valuesOf(part: SitePart): Value[] {
  const { siteConfig = {}, name, clientAffinityEnabled, identity, serverFarm } = part;
  const named = part.appSettings?.flatMap(({ at, value }) => [at, value]) ?? [];
  const strings = part.connectionStrings?.flatMap(({ at, value, type }) => [at, value, type]) ?? [];
  const containers = part.siteContainers?.map(({ properties }) => properties) ?? [];
  const accounts = part.storageAccounts?.map(({ at }) => at) ?? [];
  const single = [name, clientAffinityEnabled, identity, ...Object.values(siteConfig)];
  const farm = serverFarm === undefined ? [] : [fieldOf(serverFarm, "sku")];
  return [...named, ...strings, ...containers, ...accounts, ...single, ...farm].filter(
    (value) => value !== undefined,
  );
}

function ofType(resources: readonly EvaluatedResource[], type: string): EvaluatedResource[] {
  return resources.filter((resource) => resource.type.toLowerCase() === type);
}

function parentOf(name: string | undefined): string | undefined {
  return name?.slice(0, Math.max(0, name.lastIndexOf("/")));
}

function lastOf(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf("/") + 1);
}

function sameText(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
