import { defined } from "../defined.ts";
import { Origins } from "../origins.ts";
import { describePath } from "../problems.ts";
import { readSiteContainers, type SiteContainersSource } from "../read-site-containers.ts";
import { readAppSettings, readConnectionStrings } from "../read-settings.ts";
import { readIdentity, readKeyVaultSecrets, readServerFarm, readSiteConfig } from "../read-site-parts.ts";
import type { SiteDefinition } from "../site-definition.ts";
import type { Value } from "../value.ts";
import { nameFromDirectory, readName } from "../site-name.ts";
import type { InputPart } from "./input-part.ts";
import { readLocalParts } from "./local-parts.ts";

export interface MergedSite {
  readonly definition: SiteDefinition;
  readonly origins: Origins;
}

/** One site of all its files; of each value the last that says it, with where that stands. */
export async function mergeInputs(
  parts: readonly InputPart[],
  { firstFile }: { readonly firstFile: string },
): Promise<MergedSite> {
  const origins = new Origins();
  const each = <T>(of: (part: InputPart) => T | undefined): T[] =>
    parts.map(of).filter((one) => one !== undefined);
  const sources = each(siteContainersOf);
  const siteFile = parts.findLast(({ kind }) => kind === "site")?.root;
  const siteContainers = readSiteContainers(sources, origins);
  if (sources.length === 0) complainOfNoContainers(siteFile, parts.at(-1)?.root);
  const local = await readLocalParts(parts, { siteContainers, origins });
  const affinity = lastOf(each(({ part }) => part.clientAffinityEnabled));
  if (affinity !== undefined) origins.set(["clientAffinityEnabled"], affinity.place);
  const definition: SiteDefinition = {
    name: nameOf(parts, { siteFile, firstFile, origins }),
    siteContainers,
    appSettings: readAppSettings(
      each(({ part }) => part.appSettings),
      origins,
    ),
    identity: readIdentity(
      each(({ part }) => part.identity),
      origins,
    ),
    ...defined({
      connectionStrings: connectionStringsOf(parts, origins),
      siteConfig: readSiteConfig(
        each(({ part }) => part.siteConfig),
        origins,
      ),
      clientAffinityEnabled: affinity?.flag(),
      serverFarm: readServerFarm(
        each(({ part }) => part.serverFarm),
        origins,
      ),
      keyVaultSecrets: readKeyVaultSecrets(
        each(({ keyVaultSecrets }) => keyVaultSecrets),
        origins,
      ),
    }),
    ...local,
  };
  return { definition, origins };
}

function siteContainersOf({ siteContainers, part, root }: InputPart): SiteContainersSource | undefined {
  if (siteContainers !== undefined) return siteContainers;
  return part.siteContainers === undefined ? undefined : { parts: part.siteContainers, at: root };
}

/** Absent where no file has any: a site without connection strings says nothing of them. */
function connectionStringsOf(
  parts: readonly InputPart[],
  origins: Origins,
): SiteDefinition["connectionStrings"] {
  const sources = parts.flatMap(({ part }) =>
    part.connectionStrings === undefined ? [] : [part.connectionStrings],
  );
  return sources.length === 0 ? undefined : readConnectionStrings(sources, origins);
}

function nameOf(
  parts: readonly InputPart[],
  {
    siteFile,
    firstFile,
    origins,
  }: { readonly siteFile: Value | undefined; readonly firstFile: string; readonly origins: Origins },
): string {
  const value = lastOf(parts.flatMap(({ part }) => part.name ?? []));
  if (value !== undefined) {
    origins.set(["name"], value.place);
    return readName(value);
  }
  if (siteFile?.isMap === true) siteFile.complain('has no "name".', 'Add "name".');
  return nameFromDirectory(firstFile);
}

/** A site file that is no object has been complained of. */
function complainOfNoContainers(siteFile: Value | undefined, last: Value | undefined): void {
  if (siteFile?.isMap === true) siteFile.complain('has no "siteContainers".', 'Add "siteContainers".');
  else if (siteFile === undefined) {
    last
      ?.called(describePath(last.source.path))
      .complain("and the files before it name no site containers.", "Add the file that has them.");
  }
}

function lastOf(values: readonly Value[]): Value | undefined {
  return values.at(-1);
}
