import { parseArgsStringToArgv } from "string-argv";

import type { LoadedSite } from "../../definition/loaded-site.ts";
import type { DaprSidecar } from "../../definition/site-definition.ts";
import { imageName } from "./site-view.ts";

/** A container that runs daprd, and the ports that daprd takes in the namespace. */
export interface DaprContainer {
  readonly container: string;
  readonly ports: readonly { readonly port: number; readonly what: string }[];
  /** `--app-port`, where the start-up command says it. */
  readonly appPort?: number;
}

const FLAGS = [
  { flag: "--dapr-http-port", of: "httpPort", standard: 3500, what: "HTTP API" },
  { flag: "--dapr-grpc-port", of: "grpcPort", standard: 50_001, what: "gRPC API" },
  { flag: "--metrics-port", of: "metricsPort", standard: 9090, what: "metrics" },
  // Without the flag daprd picks one of 47300–65534 by the app's id; that can't be known from files.
  { flag: "--dapr-internal-grpc-port", of: undefined, standard: undefined, what: "internal gRPC" },
] as const satisfies readonly {
  flag: string;
  of: keyof DaprSidecar | undefined;
  standard: number | undefined;
  what: string;
}[];

/** The containers that `daprSidecars` names, and those whose image or start-up command says that they run daprd. */
export function daprContainers({ definition }: LoadedSite): DaprContainer[] {
  return definition.siteContainers.flatMap(({ name, properties }) => {
    const declared = definition.daprSidecars.find(({ container }) => container === name);
    const words = parseArgsStringToArgv(properties.startUpCommand ?? "");
    const runsDaprd =
      imageName(properties.image) === "daprd" || words.some((word) => /(?:^|\/)daprd$/.test(word));
    if (declared === undefined && !runsDaprd) return [];
    const ports = FLAGS.flatMap(({ flag, of, standard, what }) => {
      const port = flagValue(words, flag) ?? (of === undefined ? undefined : declared?.[of]) ?? standard;
      const off = what === "metrics" && words.includes("--enable-metrics=false");
      return port === undefined || off ? [] : [{ port, what }];
    });
    const appPort = flagValue(words, "--app-port");
    return [{ container: name, ports, ...(appPort === undefined ? {} : { appPort }) }];
  });
}

/** `--flag 1`, `--flag=1`, and with one hyphen, as Go's flags may be written. */
function flagValue(words: readonly string[], flag: string): number | undefined {
  for (const [index, word] of words.entries()) {
    const [name = "", value = words[index + 1]] = word.split("=", 2);
    if (name.replace(/^-(?=[^-])/, "--") === flag && /^\d+$/.test(value ?? "")) {
      return Number.parseInt(value ?? "", 10);
    }
  }
  return undefined;
}
