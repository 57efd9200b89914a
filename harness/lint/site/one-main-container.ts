import type { Rule } from "../rule.ts";
import { modeOf, placeOf, quoted } from "./site-view.ts";

export const oneMainContainer: Rule = {
  id: "SC002",
  name: "one-main-container",
  severity: "error",
  title: "A site of containers has not exactly one main container.",
  reason:
    "Only the container with isMain: true is pinged at the start and gets requests. The Azure CLI skips a second one and still succeeds; ARM takes it, and which one is main is not documented.",
  source: "A1.2, A1.14",
  remedy: 'Set "isMain": true on exactly one container.',
  example:
    "siteContainers:\n  - name: web\n    properties: { image: shop/web:1, isMain: true }\n  - name: api\n    properties: { image: shop/api:1, isMain: true }\n",
  complete: true,
  *check({ site }) {
    if (site === undefined || site.definition.siteContainers.length === 0) return;
    const mains = site.definition.siteContainers.filter(({ properties }) => properties.isMain);
    const [first, second] = mains;
    if (second !== undefined) {
      yield {
        place: placeOf(site, "siteContainers", second.name, "isMain"),
        message: `${mains.length} containers are main: ${quoted(mains.map(({ name }) => name))}.`,
        remedy: 'Set "isMain": true on exactly one of them.',
      };
    }
    // A site that runs code has no main container of its own (A1.2).
    if (first === undefined && modeOf(site) !== "code") {
      yield {
        place: placeOf(site, "siteContainers", site.definition.siteContainers[0]?.name ?? ""),
        message: "no container is main, so no container is pinged or gets requests.",
        remedy: 'Set "isMain": true on the container that serves requests.',
      };
    }
  },
};
