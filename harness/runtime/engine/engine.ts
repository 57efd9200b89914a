import type Dockerode from "dockerode";

/** A container engine that answers. */
export interface Engine {
  /** The client; used by nothing outside `runtime/`. */
  readonly docker: Dockerode;
  /** For example `20.10.24`. */
  readonly version: string;
  /** For example `1.41`. */
  readonly apiVersion: string;
  /** How it was found: `DOCKER_HOST`, the context's name, the socket's path, or that it was installed. */
  readonly origin: string;
}
