import type { Rule } from "../rule.ts";
import { entryOf } from "./component-view.ts";
import { hasDaprdOption } from "./daprd-options.ts";
import { loadedTogether } from "./loaded-together.ts";

export const actorsWithoutPlacement: Rule = {
  id: "SC160",
  name: "actors-without-placement",
  severity: "warning",
  title: "A state store is meant for actors or workflows, and a sidecar has no placement service.",
  reason:
    "Actors and workflows need Dapr's placement service, and reminders, workflows and jobs its scheduler, too. A sidecar on App Service has neither unless something runs them: calls are answered with 400 ERR_ACTOR_NO_PLACEMENT at once. With addresses that nobody answers, daprd's health stays 500 for ever.",
  source: "daprd 1.18 pkg/runtime/processor/state/state.go; seen on 1.18.2",
  remedy: "Run placement and scheduler where the sidecar reaches them, or take the entry away.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: store\nspec:\n  type: state.in-memory\n  version: v1\n  metadata:\n    - { name: actorStateStore, value: 'true' }\n",
  *check(context) {
    for (const { components, sidecar } of loadedTogether(context)) {
      if (sidecar !== undefined && hasDaprdOption(context, sidecar, "placement-host-address") === true)
        continue;
      for (const component of components) {
        if (!component.type.text.startsWith("state.")) continue;
        const entry = entryOf(component, "actorStateStore");
        if (!/^(?:1|true|t|yes|y|on)$/i.test(entry?.value ?? "")) continue;
        yield {
          place: entry?.valuePlace ?? component.namePlace,
          message: `"${component.name}" is the store of actors and workflows, which a sidecar without a placement service can't run.`,
          remedy: "Take it away, or run placement and scheduler and name them to daprd.",
        };
      }
    }
  },
};
