import { defined } from "./defined.ts";
import { Fields } from "./fields.ts";
import { RESOURCE_KEYS } from "./inputs/container-parts.ts";
import type { Origins } from "./origins.ts";
import { describePlace } from "./problems.ts";
import type {
  EnvironmentVariableReference,
  SiteContainer,
  SiteContainerProperties,
  VolumeMount,
} from "./site-definition.ts";
import type { SiteContainerPart } from "./site-part.ts";
import type { Value } from "./value.ts";

const CONTAINER_NAME = /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/;
const MOST_SIDECARS = 9;

const PROPERTIES = [
  "image",
  "isMain",
  "targetPort",
  "startUpCommand",
  "authType",
  "userName",
  "passwordSecret",
  "userManagedIdentityClientId",
  "inheritAppSettingsAndConnectionStrings",
  "environmentVariables",
  "volumeMounts",
] as const satisfies readonly (keyof SiteContainerProperties)[];

const AUTH_TYPES = ["Anonymous", "UserCredentials", "SystemIdentity", "UserAssigned"] as const;

/** One file's site containers; `undefined` parts: they can't be read, which has been reported. */
export interface SiteContainersSource {
  readonly parts: readonly SiteContainerPart[] | undefined;
  /** Where the file has them. */
  readonly at: Value;
}

interface Claimed {
  readonly key: string;
  readonly at: Value;
}

interface ReadContainer {
  readonly container: SiteContainer;
  readonly name: Claimed;
  readonly port: Claimed | undefined;
}

/**
 * The site containers of all files, merged property by property: a container that an earlier file has needs only what
 * changes. With the rules of A1.2, A1.3 and A1.10.
 */
export function readSiteContainers(
  sources: readonly SiteContainersSource[],
  origins: Origins,
): SiteContainer[] {
  for (const { parts } of sources) checkUnique((parts ?? []).map(claimName), "name", "SC003");
  const merged = Map.groupBy(
    sources.flatMap(({ parts }) => parts ?? []),
    // Azure's resource names do not differ by case alone.
    ({ name }) => name.toLowerCase(),
  );
  const read = [...merged.values()].flatMap((parts) => readSiteContainer(parts, origins));
  const at = sources.findLast(({ parts }) => parts !== undefined)?.at;
  if (at !== undefined && sources.every(({ parts }) => parts !== undefined)) checkMain(at, read);
  checkUnique(
    read.flatMap(({ port }) => port ?? []),
    "targetPort",
    "SC006",
  );
  const sidecars = read.filter(({ container }) => !container.properties.isMain);
  if (at !== undefined && sidecars.length > MOST_SIDECARS) {
    at.complain(
      `has ${sidecars.length} sidecars; App Service takes at most ${MOST_SIDECARS} (A1.10).`,
      `Leave ${MOST_SIDECARS} or fewer.`,
      "SC004",
    );
  }
  return read.map(({ container }) => container);
}

/** @param parts of one container, in the order in which their files are applied. */
function readSiteContainer(parts: readonly SiteContainerPart[], origins: Origins): ReadContainer[] {
  const [first] = parts;
  if (first === undefined) return [];
  const { name } = first;
  const nameAt = first.nameAt ?? first.at;
  if (name !== "" && !CONTAINER_NAME.test(name)) {
    nameAt.complain(
      `is ${JSON.stringify(name)}, which is no container name (A1.10).`,
      "Use letters, digits and hyphens, a letter or digit first and last.",
      "SC003",
    );
  }
  origins.set(["siteContainers", name], nameAt.place);
  const fields = mergeProperties(parts);
  for (const [property, value] of fields.present()) {
    origins.set(["siteContainers", name, property], value.place);
  }
  const portAt = fields.optional("targetPort");
  const port = portAt?.port("SC005");
  return [
    {
      container: { name, properties: readProperties(name, fields, port, origins) },
      name: claimName(first),
      port: port === undefined || portAt === undefined ? undefined : { key: String(port), at: portAt },
    },
  ];
}

function claimName({ name, nameAt, at }: SiteContainerPart): Claimed {
  return { key: name.toLowerCase(), at: nameAt ?? at };
}

/** Of each property the last that says something. */
function mergeProperties(parts: readonly SiteContainerPart[]): Fields {
  const merged = new Map<string, Value>();
  for (const { properties, at } of parts) {
    const flat = properties === at;
    const fields = properties.fields({
      known: PROPERTIES,
      ignoreCase: true,
      ignored: flat ? ["name", ...RESOURCE_KEYS] : RESOURCE_KEYS,
    });
    for (const [property, value] of fields.present()) merged.set(property, value);
  }
  // What is missing in all of them is missing in the first, which introduces the container.
  const owner = parts[0]?.properties;
  if (owner === undefined) throw new RangeError("a container has at least one part");
  return new Fields(owner, merged);
}

function readProperties(
  container: string,
  fields: Fields,
  port: number | undefined,
  origins: Origins,
): SiteContainerProperties {
  const image = fields.required("image");
  const reference = image?.text() ?? "";
  if (/\s/.test(reference)) image?.complain("has a blank in it.", "Write one image reference.");
  const placed = <T>(
    list: string,
    read: (item: Value) => T,
    keyOf: (one: T, index: number) => string,
  ): T[] | undefined =>
    fields
      .optional(list)
      ?.items()
      .map((item, index) => {
        const one = read(item);
        origins.set(["siteContainers", container, list, keyOf(one, index)], item.place);
        return one;
      });
  return defined({
    image: reference,
    isMain: fields.optional("isMain")?.flag() ?? false,
    targetPort: port === undefined ? undefined : String(port),
    startUpCommand: fields.optional("startUpCommand")?.text({ empty: true }),
    authType: fields.optional("authType")?.oneOf(AUTH_TYPES),
    userName: fields.optional("userName")?.text({ empty: true }),
    passwordSecret: fields.optional("passwordSecret")?.text({ empty: true }),
    userManagedIdentityClientId: fields.optional("userManagedIdentityClientId")?.text({ empty: true }),
    inheritAppSettingsAndConnectionStrings: fields.optional("inheritAppSettingsAndConnectionStrings")?.flag(),
    environmentVariables: placed("environmentVariables", readReference, ({ name }) => name),
    volumeMounts: placed("volumeMounts", readVolumeMount, (_, index) => String(index)),
  });
}

function readReference(item: Value): EnvironmentVariableReference {
  const fields = item.fields({ known: ["name", "value"], ignoreCase: true });
  const nameValue = fields.required("name");
  const name = nameValue?.text() ?? "";
  if (name.includes("=")) {
    nameValue?.complain(
      'has a "=" in it, which no variable can.',
      "Write the variable's name alone; its value is the NAME of an app setting.",
    );
  }
  return { name, value: fields.required("value")?.text({ empty: true }) ?? "" };
}

function readVolumeMount(item: Value): VolumeMount {
  const fields = item.fields({
    known: ["volumeSubPath", "containerMountPath", "readOnly", "data"],
    ignoreCase: true,
  });
  const mountPath = fields.required("containerMountPath");
  const containerMountPath = mountPath?.text() ?? "";
  if (mountPath !== undefined && containerMountPath !== "" && !containerMountPath.startsWith("/")) {
    mountPath.complain("is no absolute path.", 'Start it with "/".');
  }
  return defined({
    volumeSubPath: fields.required("volumeSubPath")?.text() ?? "",
    containerMountPath,
    readOnly: fields.optional("readOnly")?.flag(),
    data: fields.optional("data")?.text({ empty: true }),
  });
}

function checkMain(value: Value, read: readonly ReadContainer[]): void {
  const mains = read.filter(({ container }) => container.properties.isMain);
  if (mains.length === 1) return;
  const names = mains.map(({ container }) => `"${container.name}"`).join(", ");
  value.complain(
    mains.length === 0
      ? 'has no container with "isMain": true.'
      : `has ${mains.length} containers with "isMain": true (${names}).`,
    'Set "isMain": true on exactly one container (A1.2).',
    "SC002",
  );
}

function checkUnique(claims: readonly Claimed[], what: string, rule: string): void {
  const first = new Map<string, Value>();
  for (const claim of claims) {
    const before = first.get(claim.key);
    if (before === undefined) {
      first.set(claim.key, claim.at);
    } else {
      claim.at.complain(
        `repeats the ${what} ${JSON.stringify(claim.key)} of ${describePlace(before.place)}.`,
        `Give each container its own ${what}: all of them share one network namespace.`,
        rule,
      );
    }
  }
}
