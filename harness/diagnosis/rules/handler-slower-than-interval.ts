import { cronIntervalMs } from "../../dapr/component-files.ts";
import { BROKEN_BY_A_HANDLER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, inSeconds } from "../evidence.ts";

export const handlerSlowerThanInterval: DiagnosisRule = {
  id: "handler-slower-than-interval",
  about: "A handler takes longer than the interval; daprd does not wait, so calls overlap without limit.",
  source: "dapr/kit 0.18 cron/cron.go; measured on daprd 1.18.2",
  explains: BROKEN_BY_A_HANDLER,
  advice: [
    "Make the interval longer than the slowest answer, or let the handler answer at once and work on, skipping a tick that finds it busy.",
    "--app-max-concurrency 1 only queues the calls, without bound.",
  ],
  conclude(look) {
    for (const { container, components, instance } of look.daprds) {
      for (const component of components) {
        const intervalMs = cronIntervalMs(component);
        if (intervalMs === undefined || !look.concernsComponent(component.name)) continue;
        const slow = look
          .events("tick")
          .filter(
            (tick) =>
              tick.container === container &&
              tick.component === component.name &&
              (tick.instance === undefined || tick.instance === instance) &&
              tick.latencyMs > intervalMs,
          )
          .toSorted((a, b) => b.latencyMs - a.latencyMs);
        const [slowest] = slow;
        if (slowest === undefined) continue;
        const longer = `@every ${Math.ceil((slowest.latencyMs * 2) / 1000)}s`;
        return {
          cause: `the handler of "${component.name}" took up to ${inSeconds(slowest.latencyMs)}, longer than its interval of ${inSeconds(intervalMs)}: ticks overlap.`,
          evidence: [
            ...slow.slice(0, 2).map(fromEvent),
            {
              source: "component files",
              quote: `${component.path}: schedule ${component.metadata["schedule"] ?? ""}`,
            },
          ],
          remedies: [
            { text: "let the handler answer at once and work on, and skip a tick that finds it busy" },
            {
              text: `fire less often: schedule "${longer}"`,
              changes: [
                {
                  kind: "component-key",
                  container,
                  component: component.name,
                  key: "metadata.schedule",
                  value: longer,
                },
              ],
            },
          ],
        };
      }
    }
    return undefined;
  },
};
