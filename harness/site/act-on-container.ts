import type { ContainerAction, ContainerStep } from "../schedule/step.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import { isOfWorker } from "./cues.ts";
import type { ContainerState, SiteContainer } from "./site-container.ts";

/** What a step needs of a container. */
export type ActedOnContainer = Pick<
  SiteContainer,
  "name" | "state" | "isRetired" | "start" | "kill" | "pause" | "resume" | "restart" | "stop"
>;

/** Why a step was left undone: a container was not in the state it needs. */
export class StepNotPossible extends Error {
  override readonly name = "StepNotPossible";
}

/** In which states a container must be for an action, and the event that tells when it took effect. */
const ACTIONS: Readonly<
  Record<
    ContainerAction,
    { readonly needs: readonly ContainerState[]; readonly effect: TimelineEvent["type"] }
  >
> = {
  start: { needs: ["created", "exited"], effect: "container.started" },
  kill: { needs: ["running", "paused"], effect: "container.signalled" },
  pause: { needs: ["running"], effect: "container.paused" },
  resume: { needs: ["paused"], effect: "container.resumed" },
  restart: { needs: ["running", "paused"], effect: "container.signalled" },
  stop: { needs: ["running", "paused"], effect: "container.signalled" },
};

export interface ActOptions {
  /** The run's. */
  readonly timeline: Timeline;
  readonly worker: number;
  readonly planned: { readonly atMs: number; readonly beganMs: number };
  /** Called once: when it took effect, milliseconds since the run began, by the engine's word; a signal, when it was sent. */
  readonly onEffect: (tMs: number) => void;
}

/**
 * Does a step to its container, and resolves when the engine has said that it happened.
 * @throws {StepNotPossible} the container is not in the state that the action needs. @throws {SitecarError} the engine's refusal.
 */
export async function actOnContainer(
  container: ActedOnContainer,
  step: Pick<ContainerStep, "do" | "signal">,
  { timeline, worker, planned, onEffect }: ActOptions,
): Promise<void> {
  const { name, state } = container;
  const { needs, effect } = ACTIONS[step.do];
  if (container.isRetired) throw new StepNotPossible(`"${name}" is being stopped with its instance`);
  if (!needs.includes(state)) throw new StepNotPossible(`"${name}" is ${state}, not ${needs.join(" or ")}`);
  const from = timeline.events.length;
  const effectSeen = (): TimelineEvent | undefined =>
    timeline.events
      .slice(from)
      .find(
        (event) =>
          event.type === effect &&
          "container" in event &&
          event.container === name &&
          isOfWorker(event, worker),
      );
  const doing = begin(container, step, planned);
  // A signal is recorded when it is sent; what comes of it may take as long as the grace.
  const sent = effectSeen();
  if (sent !== undefined) onEffect(sent.tMs);
  await doing;
  if (sent === undefined) onEffect(effectSeen()?.tMs ?? timeline.now());
}

async function begin(
  container: ActedOnContainer,
  { do: action, signal }: Pick<ContainerStep, "do" | "signal">,
  planned: ActOptions["planned"],
): Promise<unknown> {
  switch (action) {
    case "start":
      return await container.start(planned);
    case "kill":
      return await container.kill(signal);
    case "pause":
      return await container.pause();
    case "resume":
      return await container.resume();
    case "restart":
      return await container.restart();
    case "stop":
      return await container.stop();
    default:
      action satisfies never;
      return undefined;
  }
}
