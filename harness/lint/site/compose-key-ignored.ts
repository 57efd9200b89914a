import type { IgnoredInput } from "../../definition/loaded-site.ts";
import type { Rule } from "../rule.ts";

/** What says nothing about how the site behaves, or what App Service does by itself. */
const HARMLESS: ReadonlySet<string> = new Set([
  "container_name",
  "hostname",
  "labels",
  "annotations",
  "expose",
  "restart",
  "logging",
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
  *check({ site }) {
    for (const { what, service, place, message } of (site?.ignored ?? []).filter(matters)) {
      yield {
        place,
        severity: isChoice(what) ? "note" : "warning",
        message: `${describe(what, service)} ${message}`,
        remedy:
          INSTEAD.get(what) ??
          (isChoice(what) ? CHOICE : "Move it into the image or its start-up command, if it matters."),
      };
    }
  },
};

const CHOICE = "See that this is what is meant; write first what has to count.";

function matters({ what }: IgnoredInput): boolean {
  return !HARMLESS.has(what) && !what.startsWith("x-");
}

/** Not lost but chosen: one port of several, one service as main, what a variable stands for. */
function isChoice(what: string): boolean {
  return what === "services" || /^ports\[\d+\]$|\./.test(what);
}

function describe(what: string, service: string | undefined): string {
  if (what === "services") return "The services:";
  if (what.includes(".")) return `${what}:`;
  return service === undefined || what === service ? `"${what}"` : `"${what}" of "${service}"`;
}
