import { createHash } from "node:crypto";

import { MASKED, maskEnvironment } from "../plan/mask-environment.ts";
import type { SitePlan } from "../plan/site-plan.ts";

/** The plan as it is saved with a run: secrets masked, files as digests instead of contents. */
export function savedPlan(plan: SitePlan): unknown {
  return {
    ...plan,
    identity: plan.identity === null ? null : { ...plan.identity, header: MASKED },
    containers: plan.containers.map((container) => ({
      ...container,
      environment: maskEnvironment(container.environment),
      files: container.files.map(({ path, content, mode }) => ({
        path,
        mode: `0${mode.toString(8)}`,
        bytes: Buffer.byteLength(content),
        sha256: createHash("sha256").update(content).digest("hex"),
      })),
    })),
  };
}
