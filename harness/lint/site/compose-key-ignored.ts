import { isNode, isScalar, isSeq } from "yaml";

import { composeServices } from "../linted-file.ts";
import type { Rule } from "../rule.ts";

/** What becomes part of a site container (A1.17). */
const CONVERTED: ReadonlySet<string> = new Set([
  "image",
  "ports",
  "environment",
  "volumes",
  "command",
  "entrypoint",
]);

/** What says nothing about how the site behaves, or what App Service does by itself. */
const HARMLESS: ReadonlySet<string> = new Set([
  "container_name",
  "hostname",
  "labels",
  "annotations",
  "expose",
  "logging",
  "restart",
  "platform",
  "pull_policy",
  "tty",
  "stdin_open",
  "build",
]);

/** What to do instead, where there is something. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["depends_on", "Let each container wait for what it needs: App Service starts them in no order."],
  ["healthcheck", "Let main's healthCheckPath speak for the site: sidecars are never probed."],
  ["links", "Use localhost: all containers share one network namespace."],
  ["networks", "Use localhost: all containers share one network namespace."],
  ["network_mode", "Use localhost: all containers share one network namespace."],
  [
    "stop_grace_period",
    "Set the app setting WEBSITES_CONTAINER_STOP_TIME_LIMIT, at most 120 s, for all containers.",
  ],
  ["env_file", "Create app settings from the file, and name them in environmentVariables."],
  ["secrets", "Use app settings that are Key Vault references."],
  ["configs", "Put the file into the image, or on /home."],
  [
    "deploy",
    "Scale the App Service plan: there are no limits per container, and an instance runs the full set.",
  ],
]);

export const composeKeyIgnored: Rule = {
  id: "SC033",
  name: "compose-key-ignored",
  severity: "warning",
  title: "A key of a Compose file has no counterpart in site containers and is ignored.",
  reason:
    "A site container has an image, a port, a start-up command, variables and volumes, and nothing else. Start order, health checks, networks, users, limits and secrets of a Compose file are dropped in silence.",
  source: "A1.17, A3.1, A2.7",
  remedy: "See the finding; most have a counterpart elsewhere.",
  example:
    "services:\n  web:\n    image: shop/web:1\n    ports: [80:80]\n    depends_on: [db]\n  db:\n    image: mysql:8\n",
  *check({ files = [] }) {
    for (const file of files) {
      for (const { name, service } of composeServices(file)) {
        for (const { key, value } of service.items) {
          if (!isScalar(key) || file.source === undefined) continue;
          const word = String(key.value);
          const place = file.source.placeAt(key.range?.[0] ?? 0);
          if (word === "ports" && isSeq(value) && value.items.length > 1) {
            const second = value.items[1];
            yield {
              place: file.source.placeAt((isNode(second) ? second.range?.[0] : undefined) ?? 0),
              message: `only the first of the ${value.items.length} ports of "${name}" becomes its targetPort.`,
              remedy: "Write that first which the others of the site, or the front end, speak to.",
            };
          }
          if (CONVERTED.has(word) || HARMLESS.has(word) || /^x-|^<<$/.test(word)) continue;
          yield {
            place,
            message: `"${word}" of "${name}" has no counterpart in site containers and is ignored.`,
            remedy: INSTEAD.get(word) ?? "Move it into the image or its start-up command, if it matters.",
          };
        }
      }
    }
  },
};
