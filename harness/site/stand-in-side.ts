import { bindingRoute, isInputBinding } from "../dapr/component-files.ts";
import type { ContainerPlan } from "../plan/site-plan.ts";
import type { StandInControl } from "../platform/stand-in/stand-in-control.ts";
import type { StandInLink } from "../platform/stand-in/stand-in-link.ts";
import type { EngineContainer } from "../runtime/container.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { DaprSide } from "./dapr-side.ts";
import type { SiteContainer } from "./site-container.ts";

/** The stand-in main of one instance, if it has one: ties its container to the control that tells it what to be. */
export class StandInSide {
  readonly #control: StandInControl;
  readonly #stack: ReleaseStack;
  #container: EngineContainer | undefined;
  #handle: Pick<SiteContainer, "state"> | undefined;
  #dapr: DaprSide | undefined;

  constructor(control: StandInControl, stack: ReleaseStack) {
    this.#control = control;
    this.#stack = stack;
  }

  /** Before the container is created. @returns what goes into its creation; empty for a container of the site's own. */
  link({ standIn }: ContainerPlan): { readonly firstInput?: () => string; readonly created?: Created } {
    if (standIn === undefined) return {};
    const { port, writes } = standIn;
    const link = this.#control.attach(
      {
        write: (text) => this.#container?.write(text),
        isRunning: () => this.#handle?.state === "running",
      },
      { port, ...(writes === undefined ? {} : { writes }), routes: () => this.#routes() },
    );
    this.#stack.defer("stand-in main", () => this.#control.detach(link));
    return {
      firstInput: () => link.firstInput(),
      created: (container) => this.#created(container, link),
    };
  }

  /** Everything is created: from now on it can be told things. */
  ready(handles: ReadonlyMap<string, SiteContainer>, dapr: DaprSide): void {
    this.#handle = this.#container === undefined ? undefined : handles.get(this.#container.label);
    this.#dapr = dapr;
  }

  #created(container: EngineContainer, link: StandInLink): void {
    this.#container = container;
    container.output.subscribe(({ stream, text }) => stream === "stdout" && link.hear(text));
    container.output.onEnd(() => link.ended());
  }

  /** Of every binding that daprd may read; what only its metadata tells is served too. */
  #routes(): readonly string[] {
    const components = [...(this.#dapr?.allFiles().values() ?? [])].flat().flatMap((file) => file.components);
    return components.filter((component) => isInputBinding(component) !== "no").map(bindingRoute);
  }
}

type Created = (container: EngineContainer) => void;
