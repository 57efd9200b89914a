import { defined } from "./defined.ts";
import { describePlace } from "./problems.ts";
import type {
  EnvironmentVariableReference,
  SiteContainer,
  SiteContainerProperties,
  VolumeMount,
} from "./site-definition.ts";
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

/** The array of the CLI's spec file (A1.14), with the rules of A1.2, A1.3 and A1.10. */
export function readSiteContainers(value: Value): SiteContainer[] {
  const items = value.items();
  const read = items.map((item) => readSiteContainer(item));
  if (value.isList) checkMain(value, read);
  checkUnique(read, ({ nameValue }) => nameValue, "name");
  checkUnique(read, ({ portValue }) => portValue, "targetPort");
  const sidecars = read.filter(({ container }) => !container.properties.isMain);
  if (sidecars.length > MOST_SIDECARS) {
    value.complain(
      `has ${sidecars.length} sidecars; App Service takes at most ${MOST_SIDECARS} (A1.10).`,
      `Leave ${MOST_SIDECARS} or fewer.`,
    );
  }
  return read.map(({ container }) => container);
}

interface Claimed {
  readonly key: string;
  readonly at: Value;
}

interface ReadContainer {
  readonly container: SiteContainer;
  readonly nameValue: Claimed | undefined;
  readonly portValue: Claimed | undefined;
}

function readSiteContainer(item: Value): ReadContainer {
  const fields = item.fields({ known: ["name", "properties"], ignoreCase: true });
  const nameValue = fields.required("name");
  const name = nameValue?.text();
  if (name !== undefined && !CONTAINER_NAME.test(name)) {
    nameValue?.complain(
      `is ${JSON.stringify(name)}, which is no container name (A1.10).`,
      "Use letters, digits and hyphens, a letter or digit first and last.",
    );
  }
  const properties = fields.required("properties");
  const { read, port, portAt } = readProperties(properties);
  return {
    container: { name: name ?? "", properties: read },
    // Azure's resource names do not differ by case alone.
    nameValue:
      name === undefined || nameValue === undefined ? undefined : { key: name.toLowerCase(), at: nameValue },
    portValue: port === undefined || portAt === undefined ? undefined : { key: String(port), at: portAt },
  };
}

function readProperties(properties: Value | undefined): {
  read: SiteContainerProperties;
  port?: number | undefined;
  portAt?: Value | undefined;
} {
  if (properties === undefined) return { read: { image: "", isMain: false } };
  const fields = properties.fields({ known: PROPERTIES, ignoreCase: true });
  const portAt = fields.optional("targetPort");
  const port = portAt?.port();
  const image = fields.required("image");
  const reference = image?.text() ?? "";
  if (/\s/.test(reference)) image?.complain("has a blank in it.", "Write one image reference.");
  const read: SiteContainerProperties = defined({
    image: reference,
    isMain: fields.optional("isMain")?.flag() ?? false,
    targetPort: port === undefined ? undefined : String(port),
    startUpCommand: fields.optional("startUpCommand")?.text({ empty: true }),
    authType: fields.optional("authType")?.oneOf(AUTH_TYPES),
    userName: fields.optional("userName")?.text({ empty: true }),
    passwordSecret: fields.optional("passwordSecret")?.text({ empty: true }),
    userManagedIdentityClientId: fields.optional("userManagedIdentityClientId")?.text({ empty: true }),
    inheritAppSettingsAndConnectionStrings: fields.optional("inheritAppSettingsAndConnectionStrings")?.flag(),
    environmentVariables: fields.optional("environmentVariables")?.items().map(readReference),
    volumeMounts: fields.optional("volumeMounts")?.items().map(readVolumeMount),
  });
  return { read, port, portAt };
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
  );
}

function checkUnique(
  read: readonly ReadContainer[],
  claimOf: (container: ReadContainer) => Claimed | undefined,
  what: string,
): void {
  const first = new Map<string, Value>();
  for (const claim of read.map(claimOf)) {
    if (claim === undefined) continue;
    const before = first.get(claim.key);
    if (before === undefined) {
      first.set(claim.key, claim.at);
    } else {
      claim.at.complain(
        `repeats the ${what} ${JSON.stringify(claim.key)} of ${describePlace(before.place)}.`,
        `Give each container its own ${what}: all of them share one network namespace.`,
      );
    }
  }
}
