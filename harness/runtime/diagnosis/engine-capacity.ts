import { statfs } from "node:fs/promises";
import type { Engine } from "../engine/engine.ts";
import { engineError } from "../engine/engine-error.ts";

/** What an engine has to offer, and where it runs. */
export interface EngineCapacity {
  readonly memoryBytes: number;
  readonly processors: number;
  /** For example `Debian GNU/Linux 12 (bookworm), x86_64`. */
  readonly system: string;
  /** Where it keeps images and containers, in its own file system. */
  readonly storageDirectory: string;
  /** `undefined`: the engine's file system is not this machine's (a virtual machine, another host). */
  readonly freeStorageBytes: number | undefined;
  /** `undefined`: reached through a socket or loopback, so what it publishes on 127.0.0.1 is on this machine. */
  readonly remoteHost: string | undefined;
}

/** @throws {SitecarError} ENGINE_GONE, ENGINE_REFUSED */
export async function engineCapacity(engine: Engine): Promise<EngineCapacity> {
  const remoteHost = remoteHostOf(engine);
  try {
    const info: unknown = await engine.docker.info();
    const storageDirectory = text(info, "DockerRootDir");
    return {
      memoryBytes: number(info, "MemTotal"),
      processors: number(info, "NCPU"),
      system: `${text(info, "OperatingSystem")}, ${text(info, "Architecture")}`,
      storageDirectory,
      freeStorageBytes: remoteHost === undefined ? await freeBytes(storageDirectory) : undefined,
      remoteHost,
    };
  } catch (error) {
    throw engineError(error, "ask what the engine has");
  }
}

/** Bytes that a process may still write below a directory; `undefined` when there is no such directory here. */
export async function freeBytes(directory: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

function remoteHostOf({ docker }: Engine): string | undefined {
  const modem: unknown = docker.modem;
  if (text(modem, "socketPath") !== "") return undefined;
  const host = text(modem, "host");
  return host === "" || LOOPBACK.has(host) ? undefined : host;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === "string" ? found : "";
}

function number(value: unknown, name: string): number {
  const found = field(value, name);
  return typeof found === "number" ? found : 0;
}
