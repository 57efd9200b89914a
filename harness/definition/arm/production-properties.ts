import { datumFromJson, type Datum, type Origin } from "./datum.ts";

type PropertiesOf = (name: string) => Readonly<Record<string, unknown>>;

/** Properties that resources have by their name alone in Azure's public cloud, by type in lower case. */
const BY_TYPE: ReadonlyMap<string, PropertiesOf> = new Map<string, PropertiesOf>([
  [
    "microsoft.storage/storageaccounts",
    (name) => ({
      // Not `web` and `dfs` of accounts that have a zone in their names: those only Azure knows.
      primaryEndpoints: Object.fromEntries(
        ["blob", "file", "queue", "table", "dfs"].map((service) => [
          service,
          `https://${name}.${service}.core.windows.net/`,
        ]),
      ),
    }),
  ],
  ["microsoft.web/sites", (name) => ({ defaultHostName: `${name.toLowerCase()}.azurewebsites.net` })],
  [
    "microsoft.web/sites/slots",
    (name) => ({ defaultHostName: `${name.toLowerCase().replace("/", "-")}.azurewebsites.net` }),
  ],
  ["microsoft.keyvault/vaults", (name) => ({ vaultUri: `https://${name.toLowerCase()}.vault.azure.net/` })],
  ["microsoft.containerregistry/registries", (name) => ({ loginServer: `${name.toLowerCase()}.azurecr.io` })],
  [
    "microsoft.documentdb/databaseaccounts",
    (name) => ({ documentEndpoint: `https://${name}.documents.azure.com:443/` }),
  ],
  [
    "microsoft.servicebus/namespaces",
    (name) => ({ serviceBusEndpoint: `https://${name}.servicebus.windows.net:443/` }),
  ],
  [
    "microsoft.eventhub/namespaces",
    (name) => ({ serviceBusEndpoint: `https://${name}.servicebus.windows.net:443/` }),
  ],
  [
    "microsoft.appconfiguration/configurationstores",
    (name) => ({ endpoint: `https://${name.toLowerCase()}.azconfig.io` }),
  ],
  [
    "microsoft.cache/redis",
    (name) => ({ hostName: `${name.toLowerCase()}.redis.cache.windows.net`, port: 6379, sslPort: 6380 }),
  ],
  [
    "microsoft.sql/servers",
    (name) => ({ fullyQualifiedDomainName: `${name.toLowerCase()}.database.windows.net` }),
  ],
  [
    "microsoft.dbforpostgresql/flexibleservers",
    (name) => ({ fullyQualifiedDomainName: `${name.toLowerCase()}.postgres.database.azure.com` }),
  ],
  [
    "microsoft.dbformysql/flexibleservers",
    (name) => ({ fullyQualifiedDomainName: `${name.toLowerCase()}.mysql.database.azure.com` }),
  ],
  ["microsoft.signalrservice/signalr", (name) => ({ hostName: `${name.toLowerCase()}.service.signalr.net` })],
]);

/** A property that follows from the resource's name, as `reference()` gives it; `undefined` for every other. */
export function productionProperty(
  type: string,
  name: string,
  key: string,
  origin: Origin,
): Datum | undefined {
  const properties = BY_TYPE.get(type.toLowerCase())?.(name);
  const found = Object.entries(properties ?? {}).find(([known]) => known.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : datumFromJson(found[1], origin);
}
