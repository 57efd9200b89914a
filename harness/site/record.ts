import os from "node:os";
import type { ComponentFile } from "../dapr/component-files.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import { packageVersion } from "../shared/package-version.ts";
import type { PreparedImage } from "../runtime/prepared-image.ts";
import type { RunDirectory } from "../timeline/run-directory.ts";
import type { Host } from "./host.ts";

export interface RecordParts {
  readonly host: Host;
  readonly plan: SitePlan;
  readonly componentFiles: ReadonlyMap<string, readonly ComponentFile[]>;
}

/** Writes what a run was made of: versions, image digests, the component files' digests, and what differs from the deployment. */
export async function writeRecord(
  directory: RunDirectory,
  { host, plan, componentFiles }: RecordParts,
): Promise<void> {
  const { images, engine } = host;
  await Promise.all([
    directory.write("sitecar", { version: packageVersion() }),
    directory.write("engine", {
      version: engine.version,
      apiVersion: engine.apiVersion,
      origin: engine.origin,
    }),
    directory.write("machine", {
      platform: os.platform(),
      release: os.release(),
      arch: os.arch(),
      node: process.version,
    }),
    directory.write("images", {
      decision: images.decision,
      platform: image(images.platform),
      ...(plan.storageAccounts.length === 0 ? {} : { storage: image(images.storage) }),
      ...Object.fromEntries(
        plan.containers.map((container) => [container.name, image(images.of(container.image))]),
      ),
    }),
    recordComponentFiles(directory, componentFiles),
    directory.write("differences", plan.differences),
  ]);
}

/** Again when they have been read again. */
export async function recordComponentFiles(
  directory: RunDirectory,
  componentFiles: RecordParts["componentFiles"],
): Promise<void> {
  const digests = [...componentFiles].map(([container, files]) => [
    container,
    files.map(({ path, sha256 }) => ({ path, sha256 })),
  ]);
  await directory.write("componentFiles", Object.fromEntries(digests));
}

function image(prepared: PreparedImage): unknown {
  const { requested, reference, id, origin, reason, digests, virtualTime } = prepared;
  return {
    requested,
    reference,
    id,
    origin,
    reason,
    digests,
    ...(virtualTime === undefined ? {} : { virtualTime }),
  };
}
