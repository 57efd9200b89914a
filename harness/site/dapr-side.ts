import path from "node:path/posix";
import { isComponentFileName, readComponentFile, type ComponentFile } from "../dapr/component-files.ts";
import { DaprReader } from "../dapr/dapr-reader.ts";
import type { DaprSidecar } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { daprApiToken } from "../plan/dapr-api-token.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { EngineContainer } from "../runtime/container.ts";
import { didYouMean } from "../shared/nearest.ts";

export interface DaprSideParts {
  readonly plan: SitePlan;
  /** The site's containers by name, created. */
  readonly containers: ReadonlyMap<string, EngineContainer>;
  /** Container port → port on 127.0.0.1. */
  readonly ports: ReadonlyMap<number, number>;
}

/** A component file as it lies in a container. */
export interface ComponentText {
  readonly path: string;
  readonly bytes: Buffer;
}

interface Sidecar {
  readonly definition: DaprSidecar;
  readonly container: EngineContainer | undefined;
  files: readonly ComponentFile[];
  /** Since daprd runs. */
  readAgain: boolean;
  readonly reader: DaprReader;
}

/** The site's daprds: what their files promise, and how to read them. */
export class DaprSide {
  readonly #sidecars: ReadonlyMap<string, Sidecar>;

  private constructor(sidecars: ReadonlyMap<string, Sidecar>) {
    this.#sidecars = sidecars;
  }

  /** Reads the component files out of the created containers themselves, so that they are what daprd will read. */
  static async create({ plan, containers, ports }: DaprSideParts): Promise<DaprSide> {
    const sidecars = plan.daprSidecars.map(async (definition) => {
      const container = containers.get(definition.container);
      const files = await readFiles(container, definition);
      const reader = new DaprReader({
        httpOrigin: `http://127.0.0.1:${ports.get(definition.httpPort)}`,
        metricsOrigin: `http://127.0.0.1:${ports.get(definition.metricsPort)}`,
        ...daprApiToken(plan, definition.container),
      });
      return [definition.container, { definition, container, files, readAgain: false, reader }] as const;
    });
    return new DaprSide(new Map(await Promise.all(sidecars)));
  }

  /** @throws {SitecarError} CONTAINER_UNKNOWN */
  reader(container?: string): DaprReader {
    return this.#sidecar(container).reader;
  }

  /** @throws {SitecarError} CONTAINER_UNKNOWN */
  files(container?: string): readonly ComponentFile[] {
    return this.#sidecar(container).files;
  }

  /**
   * Reads the files again, out of the container as it is now: an entrypoint may have made or changed them before it started
   * daprd. @throws {SitecarError} CONTAINER_UNKNOWN
   */
  async readAgain(container: string): Promise<void> {
    const sidecar = this.#sidecar(container);
    sidecar.files = await readFiles(sidecar.container, sidecar.definition);
    sidecar.readAgain = true;
  }

  /** By container. */
  allFiles(): ReadonlyMap<string, readonly ComponentFile[]> {
    return new Map([...this.#sidecars].map(([container, { files }]) => [container, files]));
  }

  /** The files themselves, by container. */
  async texts(): Promise<ReadonlyMap<string, readonly ComponentText[]>> {
    const texts = [...this.#sidecars.values()].map(
      async ({ container, definition }) =>
        [definition.container, await readTexts(container, definition)] as const,
    );
    return new Map(await Promise.all(texts));
  }

  /** By container, as they are now where they were not read since daprd runs. */
  async lastFiles(): Promise<ReadonlyMap<string, readonly ComponentFile[]>> {
    const stale = [...this.#sidecars].filter(([, { readAgain }]) => !readAgain);
    await Promise.all(stale.map(async ([container]) => await this.readAgain(container)));
    return this.allFiles();
  }

  close(): void {
    for (const { reader } of this.#sidecars.values()) reader.close();
  }

  #sidecar(container: string | undefined): Sidecar {
    const [only, ...others] = this.#sidecars.keys();
    const name = container ?? (others.length === 0 ? only : undefined);
    const sidecar = name === undefined ? undefined : this.#sidecars.get(name);
    if (sidecar !== undefined) return sidecar;
    const known = [...this.#sidecars.keys()];
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message:
        container === undefined
          ? known.length === 0
            ? "the site names no Dapr sidecar."
            : "the site has several Dapr sidecars; name one."
          : `the site has no Dapr sidecar "${container}".${didYouMean(container, known)}`,
      observations: [{ label: "known", value: known.join(", ") }],
      remedy: "name the sidecar's container in the site's daprSidecars.",
    });
  }
}

async function readFiles(
  container: EngineContainer | undefined,
  definition: DaprSidecar,
): Promise<readonly ComponentFile[]> {
  const texts = await readTexts(container, definition);
  return texts
    .map(({ path: name, bytes }) => readComponentFile(name, bytes))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Wherever they lie: in the image, or in a directory that the container mounts. */
async function readTexts(
  container: EngineContainer | undefined,
  { resourcesPath }: DaprSidecar,
): Promise<readonly ComponentText[]> {
  const entries = (await container?.readFiles(resourcesPath)) ?? [];
  const directory = path.dirname(resourcesPath);
  return entries
    .filter(({ path: name }) => isComponentFileName(name))
    .map(({ path: name, content }) => ({ path: path.join(directory, name), bytes: content }));
}
