import type { Engine } from "./engine/engine.ts";
import { engineError, isNotFound } from "./engine/engine-error.ts";
import { LABELS, runLabels, type RunIdentity } from "./labels.ts";

/** A directory on the engine that containers share. */
export interface SharedVolume {
  /** Its name on the engine. */
  readonly name: string;
  /** Where it lies on the engine's machine; means nothing on this one. */
  readonly mountpoint: string;
  /** Safe to call twice; of a volume that outlives runs: does nothing. */
  remove(): Promise<void>;
}

/**
 * Makes a volume of this run; `name` has to be unique on the engine.
 * @throws {SitecarError} ENGINE_GONE, ENGINE_REFUSED, NO_SPACE.
 */
export async function createVolume(engine: Engine, run: RunIdentity, name: string): Promise<SharedVolume> {
  const mountpoint = await create(engine, { name, labels: runLabels(run) });
  return { name, mountpoint, remove: () => remove(engine, name) };
}

/**
 * The volume of a `/home` that outlives runs; made when it is not there.
 * @throws {SitecarError} ENGINE_GONE, ENGINE_REFUSED, NO_SPACE.
 */
export async function keptVolume(engine: Engine, home: string): Promise<SharedVolume> {
  const name = `sitecar-home-${home}`;
  const mountpoint = await create(engine, { name, labels: { [LABELS.home]: home } });
  return { name, mountpoint, remove: () => Promise.resolve() };
}

/**
 * A directory inside a volume as a volume of its own, so that it can be mounted alone: engines before API 1.45 know no
 * sub path. The directory must exist when a container with it is started or read from.
 * @param subPath inside the volume, without a slash at either end.
 */
export async function createSubVolume(
  engine: Engine,
  run: RunIdentity,
  part: { readonly name: string; readonly of: SharedVolume; readonly subPath: string },
): Promise<SharedVolume> {
  const { name, of, subPath } = part;
  const options = { type: "none", o: "bind", device: `${of.mountpoint}/${subPath}` };
  const mountpoint = await create(engine, { name, labels: runLabels(run), options });
  return { name, mountpoint, remove: () => remove(engine, name) };
}

async function create(
  engine: Engine,
  volume: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly options?: Readonly<Record<string, string>>;
  },
): Promise<string> {
  try {
    await engine.docker.createVolume({
      Name: volume.name,
      Driver: "local",
      Labels: { ...volume.labels },
      DriverOpts: { ...volume.options },
    });
    return (await engine.docker.getVolume(volume.name).inspect()).Mountpoint;
  } catch (error) {
    throw engineError(error, `create volume ${volume.name}`);
  }
}

async function remove(engine: Engine, name: string): Promise<void> {
  try {
    await engine.docker.getVolume(name).remove();
  } catch (error) {
    if (!isNotFound(error)) throw engineError(error, `remove volume ${name}`);
  }
}
