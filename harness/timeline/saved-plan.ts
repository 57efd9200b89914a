import { createHash } from "node:crypto";

import { MASKED, maskEnvironment } from "../plan/mask-environment.ts";
import type { ContainerPlan, PlannedFile, SitePlan } from "../plan/site-plan.ts";

/** A planned file without its content. */
export interface SavedFile extends Pick<PlannedFile, "path"> {
  /** Octal, for example `0644`. */
  readonly mode: string;
  readonly bytes: number;
  /** Lower-case hex, over the content. */
  readonly sha256: string;
}

export interface SavedContainerPlan extends Omit<ContainerPlan, "files"> {
  readonly files: readonly SavedFile[];
}

/** A {@link SitePlan} as it is saved with a run: secrets masked, files as digests instead of contents. */
export interface SavedPlan extends Omit<SitePlan, "containers"> {
  readonly containers: readonly SavedContainerPlan[];
}

/** What `plan.json` holds. */
export function savedPlan(plan: SitePlan): SavedPlan {
  return {
    ...plan,
    identity: plan.identity === null ? null : { ...plan.identity, header: MASKED },
    containers: plan.containers.map((container) => ({
      ...container,
      environment: maskEnvironment(container.environment, container.secretVariables),
      files: container.files.map(({ path, content, mode }) => ({
        path,
        mode: `0${mode.toString(8)}`,
        bytes: Buffer.byteLength(content),
        sha256: createHash("sha256").update(content).digest("hex"),
      })),
    })),
  };
}
