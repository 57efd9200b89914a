/** What a file can say of a site, and how a user says which it is where its content does not. */
export const INPUT_KINDS = {
  site: { what: "a site file (sitecar.json)", option: undefined },
  siteContainers: {
    what: "site containers (the CLI's spec file, or `az webapp sitecontainers list -o json`)",
    option: "--site-containers",
  },
  appSettings: {
    what: "app settings (`az webapp config appsettings list -o json`, an object of names and values, or .env)",
    option: "--app-settings",
  },
  connectionStrings: {
    what: "connection strings (`az webapp config connection-string list -o json`)",
    option: "--connection-strings",
  },
  siteConfig: {
    what: "a site's configuration (`az webapp config show -o json`)",
    option: "--site-config",
  },
  webApp: { what: "a web app (`az webapp show -o json`)", option: "--web-app" },
  identity: { what: "a site's identity (`az webapp identity show -o json`)", option: "--identity" },
  serverFarm: {
    what: "an App Service plan (`az appservice plan show -o json`)",
    option: "--server-farm",
  },
  compose: { what: "a Compose file", option: "--compose" },
  template: { what: "an ARM template", option: "--template" },
  parameters: { what: "parameters of an ARM template", option: "--parameters" },
  keyVaultSecrets: {
    what: 'answers to Key Vault references ({ "vault/secret": value })',
    option: "--key-vault-secrets",
  },
} as const satisfies Record<string, { readonly what: string; readonly option: string | undefined }>;

/** What a file says of a site. */
export type InputKind = keyof typeof INPUT_KINDS;

/** Kinds that the command line names by an option of their own. */
export function kindsWithOption(): {
  readonly kind: InputKind;
  readonly option: string;
  readonly what: string;
}[] {
  return Object.entries(INPUT_KINDS).flatMap(([kind, { option, what }]) =>
    isInputKind(kind) && option !== undefined ? [{ kind, option, what }] : [],
  );
}

function isInputKind(kind: string): kind is InputKind {
  return Object.hasOwn(INPUT_KINDS, kind);
}

/** One file, or the folder of a site file. */
export interface SiteInput {
  readonly file: string;
  /** Default: recognised by what the file says. */
  readonly kind?: InputKind;
}

/** Everything a site is read from. */
export interface SiteInputs {
  /** In the order in which they are applied: later ones win, value by value. */
  readonly files: readonly (string | SiteInput)[];
  /** Which site of an ARM template that has several. */
  readonly site?: string;
  /** Which deployment slot of an ARM template's site. Default: production. */
  readonly slot?: string;
  /**
   * Values that no file has: an ARM template's parameters, what of it can't be evaluated (by its path), and variables of a
   * Compose file. They win over what the files say of the same.
   */
  readonly supplied?: Readonly<Record<string, string>>;
  /** Which service of a Compose file is main. Default: as the Azure CLI chooses (A1.17). */
  readonly mainService?: string;
}
