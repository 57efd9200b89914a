import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

/** Whether a value speaks to a host of this name: `redis:6379`, `http://redis/x`, `amqp://user:pw@redis`. */
function namesHost(value: string, host: string): boolean {
  // A Compose service's underscores and dots are hyphens in its container's name.
  const name = host.replaceAll(/[^\w-]/g, "").replaceAll("-", "[-_.]");
  return (
    name !== "" &&
    (new RegExp(`^${name}:\\d{1,5}(?:$|[/,?;])`, "i").test(value) ||
      new RegExp(`(?:://|@)${name}(?=$|[:/?])`, "i").test(value) ||
      new RegExp(`(?:^|;)(?:Host|Server|Data Source)\\s*=\\s*${name}(?=$|[:,;])`, "i").test(value))
  );
}

function isHostSetting(name: string): boolean {
  return /(?:^|[_.:-])(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS)$/i.test(name);
}

export const containerNameAsHost: Rule = {
  id: "SC038",
  name: "container-name-as-host",
  severity: "warning",
  title: "An app setting uses a container's name as a host name.",
  reason:
    "Containers of a site share localhost and have no names on the network, as Compose's services do: the name resolves to nothing, or to somebody else's host.",
  source: "A2.1; https://learn.microsoft.com/azure/app-service/configure-sidecar",
  remedy: "Write localhost with the container's port.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 80 }\n  - name: redis\n    properties: { image: redis:7, isMain: false }\nappSettings: { CACHE: redis:6379 }\n",
  *check({ site }) {
    if (site === undefined) return;
    const containers = site.definition.siteContainers.map(({ name }) => name);
    for (const { name, value } of site.definition.appSettings) {
      const host = containers.find(
        (container) =>
          namesHost(value, container) ||
          (isHostSetting(name) && value.replaceAll(/[_.]/g, "-") === container),
      );
      if (host === undefined || host.toLowerCase() === "localhost") continue;
      yield {
        place: placeOf(site, "appSettings", name),
        message: `"${name}" speaks to a host called "${host}"; containers have no names on the network.`,
        remedy: `Write localhost in place of "${host}".`,
      };
    }
  },
};
