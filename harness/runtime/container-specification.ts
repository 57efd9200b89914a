import type { ContainerCreateOptions } from "dockerode";

export interface ContainerFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly mode: number;
}

/** A volume as a container sees it. */
export interface ContainerMount {
  /** The volume's name on the engine. */
  readonly volume: string;
  /** Path in the container. */
  readonly path: string;
  readonly readOnly: boolean;
}

/** A container as the harness wants it; everything the engine's API can do beyond this is not needed here. */
export interface ContainerSpecification {
  /** The name on the engine, unique there. */
  readonly name: string;
  /** The name in the site. */
  readonly label: string;
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** A network's name, or the container whose namespace is joined. */
  readonly network: { readonly name: string } | { readonly joins: string };
  /** The control group above the container's own: see `InstanceLimits`. */
  readonly cgroupParent?: string;
  readonly addedCapabilities?: readonly string[];
  /** Container ports published on a free port of 127.0.0.1. */
  readonly publishedPorts?: readonly number[];
  /** Placed after creation, before the first start. */
  readonly files?: readonly ContainerFile[];
  readonly mounts?: readonly ContainerMount[];
  /** Its standard input stays open, and is written to by `EngineContainer.write`. Default false. */
  readonly input?: boolean;
  /** Asked at each start: what stands on its standard input before anything else. With `input`. */
  readonly firstInput?: () => string;
}

/** How the client is told what goes into a request's query and what into its body. */
interface CreateRequest {
  readonly _query: { readonly name: string };
  readonly _body: ContainerCreateOptions;
}

export function createOptions(
  specification: ContainerSpecification,
  labels: Readonly<Record<string, string>>,
): ContainerCreateOptions & CreateRequest {
  const ports = specification.publishedPorts ?? [];
  const joins = "joins" in specification.network;
  const body: ContainerCreateOptions = {
    Image: specification.image,
    Labels: { ...labels },
    Env: Object.entries(specification.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(specification.entrypoint === undefined ? {} : { Entrypoint: [...specification.entrypoint] }),
    ...(specification.command === undefined ? {} : { Cmd: [...specification.command] }),
    ...(specification.input === true ? { OpenStdin: true, AttachStdin: true } : {}),
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    HostConfig: {
      NetworkMode: joins ? `container:${specification.network.joins}` : specification.network.name,
      // Published on loopback only: a run must not be reachable from the network the machine is in.
      PortBindings: Object.fromEntries(
        ports.map((port) => [`${port}/tcp`, [{ HostIp: "127.0.0.1", HostPort: "0" }]]),
      ),
      ...(specification.cgroupParent === undefined ? {} : { CgroupParent: specification.cgroupParent }),
      Mounts: (specification.mounts ?? []).map(({ volume, path, readOnly }) => ({
        Type: "volume",
        Source: volume,
        Target: path,
        ReadOnly: readOnly,
        // What the image has at this path is hidden, never copied into the site's share (A5.1).
        VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "", Options: {} } },
      })),
      CapAdd: [...(specification.addedCapabilities ?? [])],
      // App Service's restart policy is the platform's part, never the engine's.
      RestartPolicy: { Name: "no" },
    },
  };
  // Without this the client repeats everything, the environment included, in the request's URL.
  return { _query: { name: specification.name }, _body: body };
}
