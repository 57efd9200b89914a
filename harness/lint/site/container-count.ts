import type { Rule } from "../rule.ts";
import { placeOf, sidecarsOf } from "./site-view.ts";

const MOST_SIDECARS = 9;

export const containerCount: Rule = {
  id: "SC004",
  name: "container-count",
  severity: "error",
  title: "The site has more than nine sidecars.",
  reason: "App Service takes one main container and at most nine sidecars.",
  source: "A1.10; https://learn.microsoft.com/azure/app-service/configure-sidecar",
  remedy: "Leave nine sidecars or fewer, for example by putting two programs into one image.",
  example: `siteContainers:\n${Array.from({ length: MOST_SIDECARS + 1 }, (_, index) => `  - { name: side${index}, properties: { image: shop/side:1, isMain: false } }\n`).join("")}`,
  complete: true,
  *check({ site }) {
    const sidecars = site === undefined ? [] : sidecarsOf(site);
    const tenth = sidecars[MOST_SIDECARS];
    if (site === undefined || tenth === undefined) return;
    yield {
      place: placeOf(site, "siteContainers", tenth.name),
      message: `"${tenth.name}" is one of ${sidecars.length} sidecars; App Service takes at most ${MOST_SIDECARS}.`,
      remedy: `Leave ${MOST_SIDECARS} or fewer.`,
    };
  },
};
