import { describePlace, type Place } from "../../definition/problems.ts";
import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

/** How a value was written: in quotes, or as a number. */
function writtenAsText({ lineText, column }: Place): boolean {
  return /^["']/.test(lineText.slice(column - 1));
}

export const equalPorts: Rule = {
  id: "SC006",
  name: "equal-ports",
  severity: "error",
  title: "Two containers have one targetPort.",
  reason:
    'All containers share one network namespace: the second to bind gets EADDRINUSE, and which one is second changes from start to start. The Azure CLI compares ports as they are written, so 80 beside "80" slips through.',
  source: "A2.1, A1.14",
  remedy: "Give each container a port of its own.",
  example:
    'siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: "80" }\n  - name: proxy\n    properties: { image: shop/proxy:1, isMain: false, targetPort: 80 }\n',
  complete: true,
  *check({ site }) {
    if (site === undefined) return;
    const first = new Map<string, { readonly name: string; readonly place: Place }>();
    for (const { name, properties } of site.definition.siteContainers) {
      const port = properties.targetPort;
      if (port === undefined) continue;
      const place = placeOf(site, "siteContainers", name, "targetPort");
      const before = first.get(port);
      if (before === undefined) {
        first.set(port, { name, place });
        continue;
      }
      const slips =
        writtenAsText(place) === writtenAsText(before.place)
          ? ""
          : " One is a text and one a number, which the Azure CLI takes for different.";
      yield {
        place,
        message: `"${name}" has port ${port} of "${before.name}" (${describePlace(before.place)}).${slips}`,
        remedy: "Give each container a port of its own: all of them share one network namespace.",
      };
    }
  },
};
