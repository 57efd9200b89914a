import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { parse } from "yaml";

interface KeyFacts {
  readonly type: string;
  /** `required`, for a binding also `required-input` or `required-output`. */
  readonly required: string;
  readonly sensitive: boolean;
}

/** What of a component's `metadata.yaml` is used. */
export interface MetadataFile {
  readonly path: string;
  /** As in a component's `spec.type`. */
  readonly type: string;
  readonly version: string;
  readonly status: string;
  readonly keys: ReadonlyMap<string, KeyFacts>;
  readonly builtInProfiles: readonly string[];
  /** For each way to authenticate, what it requires. */
  readonly ways: readonly (readonly string[])[];
}

/**
 * Of the ways to authenticate that many components share. The file that has them,
 * `.build-tools/builtin-authentication-profiles.yaml` of components-contrib, is not in its Go module.
 */
const BUILT_IN_PROFILES: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  azuread: {
    azureClientId: false,
    azureTenantId: false,
    azureClientSecret: true,
    azureCertificate: true,
    azureCertificateFile: false,
    azureCertificatePassword: true,
    azureEnvironment: false,
    azureAuthMethods: false,
  },
  aws: {
    region: false,
    awsRegion: false,
    accessKey: true,
    secretKey: true,
    sessionToken: true,
    assumeRoleArn: false,
    sessionName: false,
    trustAnchorArn: false,
    trustProfileArn: false,
  },
  gcp: {
    type: false,
    projectID: false,
    privateKeyID: true,
    privateKey: true,
    clientEmail: false,
    clientID: false,
    authURI: false,
    tokenURI: false,
    authProviderX509CertURL: false,
    clientX509CertURL: false,
  },
};

type Fields = Readonly<Record<string, unknown>>;

export async function readMetadataFiles(contrib: string): Promise<MetadataFile[]> {
  const files = (await readdir(contrib, { recursive: true })).filter(
    (file) => path.basename(file) === "metadata.yaml",
  );
  const texts = await Promise.all(
    files.toSorted().map(async (file) => ({ file, text: await readFile(path.join(contrib, file), "utf8") })),
  );
  return texts.map(({ file, text }) => readOne(file, fields(parse(text))));
}

function readOne(file: string, root: Fields): MetadataFile {
  const keys = new Map<string, KeyFacts>();
  const ways: string[][] = [];
  const builtInProfiles: string[] = [];
  const add = (entries: unknown, inProfile: boolean): string[] => {
    const required: string[] = [];
    for (const entry of list(entries)) {
      const name = String(entry["name"]);
      const isRequired = entry["required"] === true;
      if (isRequired) required.push(name);
      const already = keys.get(name);
      keys.set(name, {
        type: typeof entry["type"] === "string" ? entry["type"].trim() : "string",
        required: inProfile || !isRequired ? (already?.required ?? "") : requirement(entry),
        sensitive: entry["sensitive"] === true || already?.sensitive === true,
      });
    }
    return required;
  };
  for (const way of list(root["authenticationProfiles"])) ways.push(add(way["metadata"], true));
  for (const profile of list(root["builtinAuthenticationProfiles"])) {
    const name = String(profile["name"]);
    builtInProfiles.push(name);
    ways.push(add(profile["metadata"], true));
    for (const [key, sensitive] of Object.entries(BUILT_IN_PROFILES[name] ?? {})) {
      if (!keys.has(key)) keys.set(key, { type: "string", required: "", sensitive });
    }
  }
  add(root["metadata"], false);
  return {
    path: file,
    type: `${String(root["type"])}.${String(root["name"])}`,
    version: String(root["version"]),
    status: String(root["status"]),
    keys,
    builtInProfiles,
    ways,
  };
}

/** A key may be required for one direction of a binding only. */
function requirement(entry: Fields): string {
  const binding = fields(entry["binding"]);
  if (binding["input"] === true && binding["output"] !== true) return "required-input";
  return binding["output"] === true && binding["input"] !== true ? "required-output" : "required";
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
