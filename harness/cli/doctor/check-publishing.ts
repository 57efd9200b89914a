import type { PublishingTrial } from "../../runtime/diagnosis/publishing-trial.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const CHECK = "published ports";

export function checkPublishing(trial: PublishingTrial): Finding {
  if (trial.outcome === "answered") {
    return ok(CHECK, `a container's port answered on 127.0.0.1 after ${trial.afterMs} ms`);
  }
  if (trial.outcome === "silent") {
    return problem(
      CHECK,
      `a container's port was published on 127.0.0.1, but gave no answer: ${trial.detail}`,
      "see whether a firewall, a proxy for 127.0.0.1 (NO_PROXY) or a setting of a rootless engine is in the way",
    );
  }
  return warning(
    CHECK,
    "not tried: no image with Node is on the engine yet",
    "look again when the images are there (`sitecar images`)",
  );
}
