import { parseGoDuration } from "../../dapr/go-duration.ts";
import type { Rule } from "../rule.ts";
import { componentsOf, entryOf, type ComponentView } from "./component-view.ts";
import { usesIdentity } from "./credentials.ts";

const DEFAULT_MS = 5000;
/** Below it the true cause of a failure is hidden behind "context deadline exceeded". */
const ENOUGH_MS = 15_000;

/** Types that reach out with a token while they start, unless the key after it is true. */
const REACHING_OUT: Readonly<Record<string, string | undefined>> = {
  "bindings.azure.blobstorage": "disableEntityManagement",
  "state.azure.blobstorage": "disableEntityManagement",
  "bindings.azure.storagequeues": undefined,
  "bindings.azure.cosmosdb": undefined,
  "state.azure.cosmosdb": undefined,
  "state.azure.tablestorage": "skipCreateTable",
};

export const initTimeoutShort: Rule = {
  id: "SC151",
  name: "init-timeout-short",
  severity: "warning",
  title: "initTimeout is shorter than a token of the site's identity may take.",
  reason:
    "A component that authenticates by identity fetches a token and reaches its resource while daprd starts. The identity's endpoint may need several tries on a cold worker. After initTimeout, 5 s by default, daprd exits with context deadline exceeded, which hides the true cause and cancels the start of the site.",
  source: "daprd 1.18 pkg/runtime/processor/components.go; seen on 1.18.2; A3.2, A6.2",
  remedy: "Write initTimeout: 30s.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: files }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      if (!reachesOut(component) || !usesIdentity(component)) continue;
      const { initTimeout, type, name } = component;
      const timeoutMs =
        initTimeout === undefined ? DEFAULT_MS : (parseGoDuration(initTimeout.text) ?? DEFAULT_MS);
      if (timeoutMs >= ENOUGH_MS) continue;
      const stated =
        initTimeout === undefined ? "the default of 5 s" : `an initTimeout of ${initTimeout.text}`;
      yield {
        place: initTimeout?.place ?? type.place,
        message: `"${name}" needs a token of the site's identity to start, for which ${stated} may be too short.`,
        remedy: initTimeout === undefined ? "Add initTimeout: 30s to spec." : "Write 30s.",
      };
    }
  },
};

function reachesOut(component: ComponentView): boolean {
  const type = component.known?.type ?? "";
  if (!Object.hasOwn(REACHING_OUT, type)) return false;
  const unless = REACHING_OUT[type];
  const value = unless === undefined ? undefined : entryOf(component, unless)?.value;
  return !/^(?:1|true|t|yes|y|on)$/i.test(value ?? "");
}
