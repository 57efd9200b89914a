import { checkHealth } from "../platform/life/health-check.ts";
import { RestartPolicy } from "../platform/life/restart-policy.ts";
import type { Instance } from "./instance.ts";
import type { ContainerExit } from "./site-container.ts";

/** What a watched instance's worker lends. */
export interface InstanceKeeper {
  /** What is not the serving instance's any more is nobody's concern. */
  readonly isServing: () => boolean;
  /** Aborts when there is nothing more to look after. */
  readonly ends: AbortSignal;
  readonly onHealth: (healthy: boolean) => void;
  readonly restart: (reason: string, options: { readonly overlapped: boolean }) => Promise<void>;
}

/** Looks after a started instance until it ends: its containers' ends (A3.6, A3.7), and its health (A2.8). */
export function watchInstance(instance: Instance, keeper: InstanceKeeper): void {
  watchEnds(instance, keeper);
  watchHealth(instance, keeper);
}

function watchEnds(instance: Instance, keeper: InstanceKeeper): void {
  const { settings, mainContainer, containers } = instance.plan;
  const policy = new RestartPolicy(settings);
  const onExit = ({ container, exitCode, asked }: ContainerExit): void => {
    if (asked || !keeper.isServing() || !containers.some(({ name }) => name === container)) return;
    const reaction = policy.onEnd({ container, isMain: container === mainContainer, exitCode });
    if (reaction.kind === "start-again") {
      goOn(instance, keeper, `start ${container} again`, instance.container(container).start());
    } else if (reaction.kind === "restart-site") {
      goOn(instance, keeper, "restart the site", keeper.restart(reaction.reason, { overlapped: false }));
    }
  };
  const unsubscribe = instance.timeline.subscribe(
    (event) => event.type === "container.exited" && onExit(event),
  );
  instance.signal.addEventListener("abort", unsubscribe, { once: true });
}

function watchHealth(instance: Instance, keeper: InstanceKeeper): void {
  const { settings, mainContainer } = instance.plan;
  if (settings.healthCheckPath === "") return;
  void checkHealth({
    url: instance.origin,
    settings,
    timeline: instance.timeline,
    container: mainContainer,
    signal: keeper.ends,
    onHealth: (healthy) => {
      if (keeper.isServing()) keeper.onHealth(healthy);
    },
    onReplace: () => {
      const reason = `unhealthy for ${settings.unhealthyReplacementSeconds / 3600} h`;
      goOn(instance, keeper, "replace it", keeper.restart(reason, { overlapped: true }));
    },
  });
}

/** What the platform does by itself; its failure is in the record, and in the status where it is a start's. */
function goOn(instance: Instance, { ends }: InstanceKeeper, what: string, doing: Promise<unknown>): void {
  doing.catch((error: unknown) => {
    if (ends.aborted) return;
    const detail = error instanceof Error ? error.message : String(error);
    instance.timeline.record({
      type: "observer.failed",
      observer: `the platform's try to ${what}`,
      detail,
    });
  });
}
