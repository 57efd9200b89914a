import type { ImageSurvey } from "../../runtime/diagnosis/image-survey.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const CHECK = "images";

export function checkImages(survey: ImageSurvey): readonly Finding[] {
  const { decision, present, missing, obstacles } = survey;
  const source = `${decision.source}: ${decision.reason}`;
  if (obstacles.length > 0) {
    return obstacles.map(({ image, why }) =>
      problem(
        CHECK,
        `${image} can't be had: ${why}`,
        "make its registry reachable, load it by hand (`docker load`), or mend what is in the way of a stand-in",
      ),
    );
  }
  if (missing.length === 0) return [ok(CHECK, `${source}; all ${present.length} are there`)];
  const first = missing.join(", ");
  return [
    warning(
      CHECK,
      `${source}; not there yet: ${first}`,
      decision.source === "registry"
        ? "nothing has to be done: the first start pulls them; `sitecar images` does it now"
        : "nothing has to be done: the first start makes them from packages, which takes minutes; `sitecar images` does it now",
    ),
  ];
}
