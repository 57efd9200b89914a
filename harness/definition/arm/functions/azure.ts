import {
  datumFromJson,
  datumOf,
  propertyOf,
  type AnswerDatum,
  type Datum,
  type GapReason,
  type Result,
} from "../datum.ts";
import { Gap, TemplateFault } from "../faults.ts";
import type { Frame } from "../frame.ts";
import type { Arguments } from "./arguments.ts";
import { formatDate } from "./format-date.ts";
import {
  extensionResourceId,
  managementGroupResourceId,
  resourceId,
  subscriptionResourceId,
  tenantResourceId,
} from "./resource-ids.ts";

/** Functions that only Azure can answer, beside `list…`. */
const ONLY_AZURE = [
  "getsecret",
  "externalinput",
  "references",
  "deployer",
  "pickzones",
  "providers",
  "tologicalzone",
  "tologicalzones",
  "tophysicalzone",
  "tophysicalzones",
  "datetimeadd",
  "datetimefromepoch",
  "datetimetoepoch",
  "parsecidr",
  "cidrsubnet",
  "cidrhost",
] as const;

/** `listKeys`, `listConnectionStrings`, `listAccountSas` …: any operation of a resource whose name begins so. */
export function isListFunction(folded: string): boolean {
  return /^list[a-z]*$/.test(folded);
}

export function notEvaluable(name: string): Gap {
  const folded = name.toLowerCase();
  return new Gap({
    reason: isListFunction(folded)
      ? `${name}() is answered by the resource itself, when it is deployed`
      : `${name}() is answered by Azure alone`,
    suggestion: isListFunction(folded)
      ? "A site that uses its identity instead of a key needs no such value."
      : "",
  });
}

export const AZURE: Readonly<Record<string, (args: Arguments, frame: Frame) => Result>> = {
  ...Object.fromEntries(
    ONLY_AZURE.map((name) => [
      name,
      (args: Arguments): never => {
        throw notEvaluable(args.name);
      },
    ]),
  ),
  resourceid: (args, { surroundings }) => resourceId(args, surroundings.scope),
  subscriptionresourceid: (args, { surroundings }) => subscriptionResourceId(args, surroundings.scope),
  tenantresourceid: (args) => tenantResourceId(args),
  extensionresourceid: (args) => extensionResourceId(args),
  managementgroupresourceid: (args) => managementGroupResourceId(args),
  reference(args, { surroundings }) {
    const full = args.count > 2 && args.text(2).toLowerCase() === "full";
    return { datum: surroundings.reference(args.text(0), full, args.origin) };
  },
  /** How Bicep reads the secure outputs of a module. */
  listoutputswithsecurevalues(args, { surroundings }) {
    const outputs = partOf(surroundings.reference(args.text(0), false, args.origin), "outputs");
    const get = (key: string): Datum | undefined => partOf(partOf(outputs, key), "value");
    return { datum: { kind: "answer", origin: args.origin, ...unknownPartOf("the secure outputs"), get } };
  },
  resourceinfo: (args, { surroundings }) => ({ datum: surroundings.resourceInfo(args.text(0), args.origin) }),
  resourcegroup(args, { surroundings }) {
    const { scope, session } = surroundings;
    if (scope.kind !== "resourceGroup") {
      return args.fail("is for deployments to a resource group only", "Use subscription() or a parameter.");
    }
    return answer(args, UNKNOWN_GROUP, (key) => {
      switch (key) {
        case "id":
          return `/subscriptions/${scope.subscriptionId()}/resourceGroups/${scope.resourceGroup()}`;
        case "name":
          return scope.resourceGroup();
        case "location":
          return session.scopeValue("location");
        case "type":
          return "Microsoft.Resources/resourceGroups";
        default:
          return undefined;
      }
    });
  },
  subscription: (args, { surroundings }) =>
    answer(args, unknownPartOf("subscription()"), (key) => {
      const { scope, session } = surroundings;
      if (key === "id") return `/subscriptions/${scope.subscriptionId()}`;
      if (key === "subscriptionid") return scope.subscriptionId();
      return key === "tenantid" ? session.scopeValue("tenantId") : undefined;
    }),
  tenant: (args, { surroundings }) =>
    answer(args, unknownPartOf("tenant()"), (key) =>
      key === "tenantid" ? surroundings.session.scopeValue("tenantId") : undefined,
    ),
  managementgroup: (args) => answer(args, unknownPartOf("managementGroup()"), () => undefined),
  deployment: (args, { surroundings }) => ({
    datum: {
      kind: "answer",
      origin: args.origin,
      ...unknownPartOf("deployment()"),
      get(key) {
        const folded = key.toLowerCase();
        if (folded === "name") return surroundings.name();
        if (folded !== "location") return undefined;
        return datumOf(surroundings.session.scopeValue("location"), args.origin);
      },
    },
  }),
  environment: (args) => ({ datum: datumFromJson(PUBLIC_CLOUD, args.origin) }),
  utcnow(args, frame) {
    const { now } = defaultsOnly(args, frame).surroundings.session;
    if (now === undefined) throw notSaid("the time of the deployment");
    return formatDate(now, args.count > 0 ? args.text(0) : "yyyyMMddTHHmmssZ");
  },
  newguid(args, frame) {
    const { newGuid } = defaultsOnly(args, frame).surroundings.session;
    if (newGuid === undefined) throw notSaid("the GUID");
    return newGuid();
  },
  fail(args) {
    throw new TemplateFault(`fails by its own fail(): ${args.text(0)}`, "Give it what it asks for.");
  },
};

const UNKNOWN_GROUP: GapReason = {
  reason: "of the resource group only id, name, type and location are known here",
  suggestion: "",
};

function unknownPartOf(what: string): GapReason {
  return { reason: `this part of ${what} is known to Azure alone`, suggestion: "" };
}

function partOf(datum: Datum | undefined, key: string): Datum | undefined {
  return datum?.kind === "answer" ? datum.get(key) : propertyOf(datum, key);
}

function notSaid(what: string): Gap {
  return new Gap({ reason: `${what} is not said`, suggestion: "Supply the parameter whose default it is." });
}

function defaultsOnly(args: Arguments, frame: Frame): Frame {
  if (frame.isDefault === true) return frame;
  return args.fail(
    "can stand in a parameter's defaultValue only",
    "Make a parameter of it: what changes with each deployment is one.",
  );
}

/** An object of which some properties are known; which part of the scope it used is noted when it is asked. */
function answer(
  args: Arguments,
  gap: GapReason,
  valueOf: (folded: string) => string | undefined,
): { readonly datum: AnswerDatum } {
  const get = (key: string): Datum | undefined => {
    const value = valueOf(key.toLowerCase());
    return value === undefined ? undefined : datumOf(value, args.origin);
  };
  return { datum: { kind: "answer", origin: args.origin, ...gap, get } };
}

/** What `environment()` says in Azure's public cloud. */
const PUBLIC_CLOUD = {
  name: "AzureCloud",
  gallery: "https://gallery.azure.com/",
  graph: "https://graph.windows.net/",
  portal: "https://portal.azure.com",
  graphAudience: "https://graph.windows.net/",
  activeDirectoryDataLake: "https://datalake.azure.net/",
  batch: "https://batch.core.windows.net/",
  media: "https://rest.media.azure.net",
  sqlManagement: "https://management.core.windows.net:8443/",
  vmImageAliasDoc:
    "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
  resourceManager: "https://management.azure.com/",
  authentication: {
    loginEndpoint: "https://login.microsoftonline.com/",
    audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
    tenant: "common",
    identityProvider: "AAD",
  },
  suffixes: {
    acrLoginServer: ".azurecr.io",
    azureDatalakeAnalyticsCatalogAndJob: "azuredatalakeanalytics.net",
    azureDatalakeStoreFileSystem: "azuredatalakestore.net",
    azureFrontDoorEndpointSuffix: "azurefd.net",
    keyvaultDns: ".vault.azure.net",
    sqlServerHostname: ".database.windows.net",
    storage: "core.windows.net",
  },
} as const;
