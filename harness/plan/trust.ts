import type { Environment } from "./environment.ts";
import type { Difference, PlannedFile, PlannedMount } from "./site-plan.ts";

/** The throw-away certificate authority that the containers of a run are made to trust. */
export interface PlannedTrust {
  /** The authority's certificate alone, PEM. */
  readonly certificateAuthorityPem: string;
  /** The usual public authorities and this one, PEM: for variables that replace the roots instead of adding one. */
  readonly bundlePem: string;
}

/** Where every container has the files of trust. */
export const TRUST_DIRECTORY = "/etc/sitecar/trust";

const AUTHORITY_PATH = `${TRUST_DIRECTORY}/ca.pem`;
const BUNDLE_PATH = `${TRUST_DIRECTORY}/ca-bundle.pem`;

const WHY = "storage answers under its production host name with a certificate of the run's own authority";

/** Which variable each kind of client reads. Node adds to its roots; the others replace them. */
const TRUST_VARIABLES: Environment = {
  SSL_CERT_FILE: BUNDLE_PATH,
  NODE_EXTRA_CA_CERTS: AUTHORITY_PATH,
  REQUESTS_CA_BUNDLE: BUNDLE_PATH,
  CURL_CA_BUNDLE: BUNDLE_PATH,
  GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: BUNDLE_PATH,
};

/** What one container gets so that it trusts the run's authority. */
export interface TrustAdditions {
  readonly environment: Environment;
  readonly mount: PlannedMount;
  readonly differences: readonly Difference[];
}

/** What the directory of trust holds. */
export function trustFiles(trust: PlannedTrust): readonly PlannedFile[] {
  return [
    { path: AUTHORITY_PATH, content: trust.certificateAuthorityPem, mode: 0o644 },
    { path: BUNDLE_PATH, content: trust.bundlePem, mode: 0o644 },
  ];
}

/**
 * Directory and variables of trust for one container, also for one that inherits nothing: they are the harness's, not the
 * platform's. A variable that the site sets itself stays as the site has it, and the difference says so.
 * @param own the container's environment as the site and the platform make it.
 */
export function trustAdditions(container: string, own: Environment): TrustAdditions {
  const variables = Object.entries(TRUST_VARIABLES);
  const added = variables.filter(([name]) => !Object.hasOwn(own, name));
  return {
    environment: Object.fromEntries(added),
    // Mounted, not copied: placing files into a container costs the engine as much as starting one.
    mount: { tree: "trust", subPath: "", path: TRUST_DIRECTORY, readOnly: true },
    differences: [
      ...[AUTHORITY_PATH, BUNDLE_PATH].map((path) => ({
        subject: container,
        what: `file ${path} added`,
        why: WHY,
      })),
      ...variables.map(([name, value]) =>
        Object.hasOwn(own, name)
          ? {
              subject: container,
              what: `${name} left as the site sets it`,
              why: `the site's own value wins; clients that read it trust ${value} only if that value does`,
            }
          : { subject: container, what: `${name}=${value}`, why: WHY },
      ),
    ],
  };
}
