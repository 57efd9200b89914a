import { linuxName } from "../../plan/environment.ts";
import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const environmentVariableTwice: Rule = {
  id: "SC014",
  name: "environment-variable-twice",
  severity: "warning",
  title: "A container has one environment variable twice.",
  reason: "A container's environment has each name once; which of the two values it gets is not documented.",
  source: "A1.8",
  remedy: "Remove one of the two.",
  example:
    "siteContainers:\n  - name: main\n    properties:\n      image: shop/main:1\n      isMain: true\n      targetPort: 80\n      environmentVariables: [{ name: LEVEL, value: A }, { name: LEVEL, value: B }]\nappSettings: { A: debug, B: info }\n",
  *check({ site }) {
    if (site === undefined) return;
    for (const container of site.definition.siteContainers) {
      const names = (container.properties.environmentVariables ?? []).map(({ name }) => name);
      const twice = names.filter((name, index) => names.indexOf(name) !== index);
      for (const name of new Set(twice)) {
        yield {
          place: placeOf(site, "siteContainers", container.name, "environmentVariables", name),
          message: `"${container.name}" has ${linuxName(name) === name ? name : JSON.stringify(name)} more than once.`,
          remedy: "Remove all but one.",
        };
      }
    }
  },
};
