import { access, constants } from "node:fs/promises";
import { ok, warning, type Finding } from "./finding.ts";

const CHECK = "environment";

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const AUTHORITY_FILES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "npm_config_cafile"];
const PACKAGES = [
  "GOPROXY",
  "GOFLAGS",
  "GOSUMDB",
  "GONOSUMDB",
  "GOPRIVATE",
  "GOENV",
  "npm_config_proxy",
  "npm_config_https_proxy",
];
const ENGINE = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONFIG"];

/** Which variables that change what sitecar does are set: their names, never their values, which may hold secrets. */
export async function checkEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly Finding[]> {
  const isSet = (name: string): boolean => Boolean(environment[name]);
  const own = Object.keys(environment).filter((name) => name.startsWith("SITECAR_"));
  const seen = [...PROXIES, ...AUTHORITY_FILES, ...PACKAGES, ...ENGINE, ...own].filter(isSet);
  const unreadable = await Promise.all(
    AUTHORITY_FILES.filter(isSet).map(async (name) =>
      (await readable(environment[name])) ? undefined : name,
    ),
  );
  return [
    ok(CHECK, seen.length === 0 ? "no proxy, CA, Go or engine variables are set" : `set: ${seen.join(", ")}`),
    ...unreadable
      .filter((name) => name !== undefined)
      .map((name) =>
        warning(CHECK, `${name} names nothing that can be read`, `correct it, or unset ${name}`),
      ),
    ...(asksProxyForLoopback(environment)
      ? [
          warning(
            CHECK,
            "Node is told to use a proxy (NODE_USE_ENV_PROXY), and NO_PROXY does not leave out 127.0.0.1",
            "add 127.0.0.1 and localhost to NO_PROXY: sites are asked there",
          ),
        ]
      : []),
  ];
}

async function readable(path: string | undefined): Promise<boolean> {
  return access(path ?? "", constants.R_OK).then(
    () => true,
    () => false,
  );
}

function asksProxyForLoopback(environment: NodeJS.ProcessEnv): boolean {
  if (environment["NODE_USE_ENV_PROXY"] !== "1") return false;
  if (!environment["HTTP_PROXY"] && !environment["http_proxy"]) return false;
  const exceptions = (environment["NO_PROXY"] ?? environment["no_proxy"] ?? "").split(/[,\s]+/);
  return !exceptions.some((one) => one === "*" || one === "127.0.0.1");
}
