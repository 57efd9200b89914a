import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const mountPathTwice: Rule = {
  id: "SC037",
  name: "mount-path-twice",
  severity: "error",
  title: "Two volumes of a container are mounted at one path.",
  reason: "One of them hides the other, and which one is not documented.",
  source: "A1.9",
  remedy: "Give each volume a path of its own.",
  example:
    "siteContainers:\n  - name: main\n    properties:\n      image: shop/main:1\n      isMain: true\n      targetPort: 80\n      volumeMounts:\n        - { volumeSubPath: /home/a, containerMountPath: /data }\n        - { volumeSubPath: /home/b, containerMountPath: /data/ }\nappSettings: { WEBSITES_ENABLE_APP_SERVICE_STORAGE: true }\n",
  *check({ site }) {
    if (site === undefined) return;
    for (const { name, properties } of site.definition.siteContainers) {
      const paths = (properties.volumeMounts ?? []).map(({ containerMountPath }) =>
        containerMountPath.replace(/(?<=.)\/+$/, ""),
      );
      for (const [index, path] of paths.entries()) {
        if (path === "" || paths.indexOf(path) === index) continue;
        yield {
          place: placeOf(site, "siteContainers", name, "volumeMounts", String(index)),
          message: `"${name}" has two volumes at ${path}.`,
          remedy: "Mount one of them elsewhere.",
        };
      }
    }
  },
};
