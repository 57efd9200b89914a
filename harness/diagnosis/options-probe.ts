import {
  bindingRoute,
  isInputBinding,
  statedDirection,
  type DaprComponent,
} from "../dapr/component-files.ts";
import type { Remedy } from "./diagnosis.ts";
import type { Daprd, Look } from "./look.ts";
import type { LogLine } from "./log-line.ts";

/** An input binding that daprd reads only if the app answers its OPTIONS. */
export interface AskedBinding {
  readonly daprd: Daprd;
  readonly component: DaprComponent;
  readonly route: string;
  readonly sent: number;
  /** By status. daprd counts a broken connection as 500. */
  readonly answers: ReadonlyMap<number, number>;
  /** daprd's warning that the question failed: no answer, not a refusal. */
  readonly failure: LogLine | undefined;
}

/** Those that the judgement may be about come first. */
export function askedBindings(look: Look): readonly AskedBinding[] {
  return look.daprds.flatMap((daprd) =>
    daprd.components
      .filter((component) => isAsked(component))
      .map((component) => {
        const route = bindingRoute(component);
        const probe = daprd.snapshot?.metrics?.subscriptionProbe(route);
        return {
          daprd,
          component,
          route,
          sent: probe?.sent ?? 0,
          answers: probe?.answers ?? new Map<number, number>(),
          failure: daprd.lines.findLast(({ message }) =>
            message.includes(`OPTIONS method on input binding subscription endpoint "${route}"`),
          ),
        };
      }),
  );
}

export function isAsked(component: DaprComponent): boolean {
  return isInputBinding(component) !== "no" && statedDirection(component)?.includes("input") !== true;
}

/** Without a question nothing can be answered wrongly. */
export function sayDirection({ daprd, component }: Pick<AskedBinding, "daprd" | "component">): Remedy {
  return {
    text: `set direction: input for "${component.name}": daprd then reads it without asking`,
    changes: [
      {
        kind: "component-key",
        container: daprd.container,
        component: component.name,
        key: "metadata.direction",
        value: "input",
      },
    ],
  };
}

/** An app that becomes healthy later is asked again. */
export function checkHealth({ daprd }: Pick<AskedBinding, "daprd">): Remedy {
  return {
    text: "start daprd with --enable-app-health-check, and let /healthz of the app answer 2xx only when its routes are there: daprd asks when it does",
    changes: [{ kind: "daprd-flag", container: daprd.container, flag: "enable-app-health-check" }],
  };
}
