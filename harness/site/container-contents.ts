import { randomBytes } from "node:crypto";
import path from "node:path/posix";

import type { SiteDefinition } from "../definition/site-definition.ts";
import type { ContainerContents, FoundFile } from "../diagnosis/remedies/site-copy.ts";
import { SitecarError } from "../errors/index.ts";
import { imageOf } from "../plan/container-image.ts";
import { EngineContainer } from "../runtime/container.ts";
import { ReleaseStack } from "../shared/release-stack.ts";
import { readHomeFiles } from "./home-files.ts";
import type { Host } from "./host.ts";
import { TREES_PATH } from "../platform/agent-protocol.ts";

/**
 * Looks into the containers of a site without starting any: each is created once from its image when it is first asked for,
 * and removed at the end of the scope. What was deployed to `/home` is read from this machine.
 */
export class CreatedContents implements ContainerContents, AsyncDisposable {
  readonly #host: Host;
  readonly #definition: SiteDefinition;
  readonly #images: Readonly<Record<string, string>>;
  readonly #containers = new Map<string, Promise<EngineContainer>>();
  readonly #stack = new ReleaseStack();
  readonly #id = `contents-${randomBytes(4).toString("hex")}`;

  /** @param images in place of the site's own, by container. */
  constructor(host: Host, definition: SiteDefinition, images: Readonly<Record<string, string>> = {}) {
    this.#host = host;
    this.#definition = definition;
    this.#images = images;
  }

  async command(container: string): Promise<readonly string[]> {
    const { Config } = await (await this.#container(container)).inspect();
    const entrypoint: string | readonly string[] | null | undefined = Config.Entrypoint;
    return [
      ...(typeof entrypoint === "string" ? [entrypoint] : (entrypoint ?? [])),
      ...((Config.Cmd as readonly string[] | null) ?? []),
    ];
  }

  async files(container: string, at: string): Promise<readonly FoundFile[]> {
    if (at === "/home" || at.startsWith("/home/")) return await this.#homeFiles(at);
    const entries = await (await this.#container(container)).readFiles(at);
    return entries.map(({ path: name, content, mode }) => ({
      path: path.join(path.dirname(at), name),
      text: content.toString("utf8"),
      mode: (mode ?? 0o644) & 0o7777, // an archive may say of what kind the file is, too
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }

  async #homeFiles(at: string): Promise<readonly FoundFile[]> {
    const files = await readHomeFiles(this.#definition.homeFiles ?? []);
    return files
      .map(({ path: place, content, mode }) => ({
        path: path.join("/home", path.relative(path.join(TREES_PATH, "home"), place)),
        text: content.toString("utf8"),
        mode,
      }))
      .filter((file) => file.path === at || file.path.startsWith(`${at}/`));
  }

  async #container(name: string): Promise<EngineContainer> {
    const known = this.#containers.get(name);
    if (known !== undefined) return await known;
    const created = this.#create(name);
    this.#containers.set(name, created);
    return await created;
  }

  async #create(name: string): Promise<EngineContainer> {
    const container = this.#definition.siteContainers.find((one) => one.name === name);
    if (container === undefined) {
      throw new SitecarError("CONTAINER_UNKNOWN", {
        message: `the site has no container "${name}".`,
        observations: [
          { label: "known", value: this.#definition.siteContainers.map((one) => one.name).join(", ") },
        ],
        remedy: "use the name of one of the site's containers.",
      });
    }
    const { engine, images, reaperSession } = this.#host;
    const created = await EngineContainer.create(
      engine,
      { runId: this.#id, site: this.#definition.name, reaperSession },
      {
        name: `sitecar-${this.#id}-${name}`,
        label: name,
        image: images.of(imageOf(container, this.#images)).reference,
        network: { name: "none" },
      },
    );
    this.#stack.defer(`contents of ${name}`, () => created.remove());
    return created;
  }
}
