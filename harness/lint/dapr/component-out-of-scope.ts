import type { Rule } from "../rule.ts";
import { daprdOption, variableOf } from "./daprd-options.ts";
import { loadedTogether } from "./loaded-together.ts";

export const componentOutOfScope: Rule = {
  id: "SC161",
  name: "component-out-of-scope",
  severity: "warning",
  title: "The component's scopes leave out the app id of the sidecar that loads it.",
  reason:
    "daprd passes over a component whose scopes do not have its own --app-id, without a word. It is healthy, and the component is not there.",
  source: "daprd 1.18 pkg/internal/loader/disk/disk.go",
  remedy: "Add the app id to scopes, or take scopes away.",
  *check(context) {
    for (const { components, sidecar } of loadedTogether(context)) {
      if (sidecar === undefined) continue;
      // Without a start-up command the image's entry point has it, by convention from this setting.
      const appId = daprdOption(context, sidecar, "app-id") ?? variableOf(context, sidecar, "APPID");
      if (appId === undefined || appId === "") continue;
      for (const { name, scopes, scopesPlace } of components) {
        if (scopes.length === 0 || scopes.includes(appId)) continue;
        yield {
          place: scopesPlace,
          message: `"${name}" is for ${scopes.join(", ")} only, and the app id is "${appId}", so daprd passes over it without a word.`,
          remedy: `Add ${appId} to scopes, or take scopes away.`,
        };
      }
    }
  },
};
