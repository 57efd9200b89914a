import type { Rule } from "../rule.ts";
import { isPersistent } from "./home-use.ts";
import { placeOf } from "./site-view.ts";

/** What is meant to be gone, by what people call it. */
const SCRATCH =
  /(?:^|[/_.-])(?:tmp|temp|cache|caches|run|shm|scratch|sock|socket|sockets|log|logs|pipe)(?:$|[/_.-])/i;

/** Where databases and uploads live in the images that everybody uses. */
const DATA =
  /^\/var\/lib\/(?:mysql|postgresql|mongodb|redis|rabbitmq|grafana|elasticsearch|docker)|^\/(?:bitnami|var\/www\/html|var\/opt\/mssql|data\/db|qdrant\/storage|opt\/keycloak\/data)(?:\/|$)/;

export const volumeLostAtRestart: Rule = {
  id: "SC025",
  name: "volume-lost-at-restart",
  severity: "note",
  title: "A volume is local: what is written to it is gone after a restart.",
  reason:
    "volumeMounts are local to an instance: they let containers share files, and every restart, move or further instance begins with an empty one. Only a volumeSubPath under /home is the persistent share.",
  source: "A1.9, A5.2",
  remedy:
    "Use a volumeSubPath under /home for what has to stay, with WEBSITES_ENABLE_APP_SERVICE_STORAGE true; a database belongs into a service of its own.",
  example:
    "siteContainers:\n  - name: db\n    properties:\n      image: mysql:8\n      isMain: false\n      volumeMounts: [{ volumeSubPath: data, containerMountPath: /var/lib/mysql }]\n",
  *check({ site }) {
    if (site === undefined) return;
    const told = new Set<string>();
    for (const { name, properties } of site.definition.siteContainers) {
      for (const [index, mount] of (properties.volumeMounts ?? []).entries()) {
        const { volumeSubPath, containerMountPath, readOnly } = mount;
        const top = volumeSubPath.replace(/^\/+/, "").split("/", 1)[0] ?? "";
        if (isPersistent(volumeSubPath) || SCRATCH.test(volumeSubPath) || SCRATCH.test(containerMountPath))
          continue;
        const data = DATA.test(containerMountPath);
        // A volume is one tree (A5.2): it is told of once, unless a container keeps its data there.
        if ((told.has(top) || readOnly === true) && !data) continue;
        told.add(top);
        yield {
          place: placeOf(site, "siteContainers", name, "volumeMounts", String(index)),
          severity: data ? "warning" : "note",
          message: data
            ? `"${name}" keeps its data at ${containerMountPath} in the local volume ${JSON.stringify(volumeSubPath)}, which every restart empties.`
            : `the volume ${JSON.stringify(volumeSubPath)} at ${containerMountPath} of "${name}" is empty after every restart.`,
          remedy: "Use a volumeSubPath under /home for what has to stay.",
        };
      }
    }
  },
};
