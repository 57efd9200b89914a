import { isInputBinding } from "../../dapr/component-files.ts";
import type { Rule } from "../rule.ts";
import { placeOf, quoted } from "./site-view.ts";

export const cronOnEveryInstance: Rule = {
  id: "SC029",
  name: "cron-on-every-instance",
  severity: "warning",
  title: "A cron binding on more than one instance fires once on each.",
  reason:
    "Every instance runs a full set of containers, daprd with its cron binding among them: with three instances every tick comes three times, at nearly the same moment.",
  source: "A3.9",
  remedy:
    "Run one instance, make the work safe to do several times, or take a lock in storage that all of them share.",
  example: "serverFarm: { sku: { name: P1v3, capacity: 3 } }\n",
  *check({ site, components }) {
    if (site === undefined) return;
    const { siteConfig, serverFarm } = site.definition;
    const workers = siteConfig?.numberOfWorkers ?? 0;
    const capacity = serverFarm?.sku.capacity ?? 0;
    const instances = Math.max(workers, capacity);
    const crons = components
      .filter(({ passedOver }) => passedOver === undefined)
      .flatMap(({ file }) => file.components)
      .filter((component) => component.type === "bindings.cron" && isInputBinding(component) === "yes");
    if (instances <= 1 || crons.length === 0) return;
    yield {
      place:
        workers >= capacity
          ? placeOf(site, "siteConfig", "numberOfWorkers")
          : placeOf(site, "serverFarm", "sku", "capacity"),
      message: `the cron ${crons.length === 1 ? "binding" : "bindings"} ${quoted(crons.map(({ name }) => name))} will fire ${instances} times a tick, once on each instance.`,
      remedy: "Run one instance, or make the work safe to do several times.",
    };
  },
};
