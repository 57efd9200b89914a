/** Where and how the app reaches the Dapr sidecar. */
export interface DaprSettings {
  /** `DAPR_CLIENT_HOST`, default `127.0.0.1`. */
  readonly host: string;
  /** `DAPR_CLIENT_PORT`, default 3500 for HTTP and 50001 for gRPC. */
  readonly port: number;
  /** `DAPR_CLIENT_PROTOCOL`, default `http`. */
  readonly protocol: "http" | "grpc";
}

/** The app's configuration, as App Service gives it: environment variables. */
export interface Settings {
  /** `APPPORT`, default 9000: the app setting that also tells daprd where the app listens. */
  readonly port: number;
  /** `SEND_ON_START`, default false: send one blob before listening, and end with code 1 when that fails. */
  readonly sendOnStart: boolean;
  readonly dapr: DaprSettings;
}

/**
 * Reads the settings. An empty variable counts as absent, because App Service turns a reference to a missing app
 * setting into an empty string (A1.8), which the Dapr client would take for port 80.
 *
 * The names begin with `DAPR_CLIENT_` because daprd inherits the same app settings and reads some `DAPR_` names itself.
 *
 * @throws Error naming the variable and its value when a value is none of those allowed.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = (name: string, fallback: string): string => environment[name] || fallback;

  const protocol = oneOf("DAPR_CLIENT_PROTOCOL", ["http", "grpc"], read("DAPR_CLIENT_PROTOCOL", "http"));
  const daprPort = read("DAPR_CLIENT_PORT", protocol === "http" ? "3500" : "50001");
  return {
    port: portNumber("APPPORT", read("APPPORT", "9000")),
    sendOnStart: oneOf("SEND_ON_START", ["true", "false"], read("SEND_ON_START", "false")) === "true",
    dapr: {
      host: read("DAPR_CLIENT_HOST", "127.0.0.1"),
      port: portNumber("DAPR_CLIENT_PORT", daprPort),
      protocol,
    },
  };
}

function oneOf<const Allowed extends string>(
  name: string,
  allowed: readonly Allowed[],
  value: string,
): Allowed {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`${name} is "${value}"; allowed: ${allowed.join(", ")}`);
  return found;
}

function portNumber(name: string, value: string): number {
  const port = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) throw new Error(`${name} is "${value}"; allowed: a port, 1 to 65535`);
  return port;
}
