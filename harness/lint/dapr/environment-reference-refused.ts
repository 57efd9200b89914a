import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";

export const environmentReferenceRefused: Rule = {
  id: "SC118",
  name: "environment-reference-refused",
  severity: "error",
  title: "daprd does not hand out this environment variable.",
  reason:
    "An envRef to APP_API_TOKEN, to a name that begins with DAPR_ or to one with a blank in it costs a warning in the log, and the value stays empty.",
  source: "daprd 1.18 pkg/runtime/processor/secret/secret.go (isEnvVarAllowed); seen on 1.18.2",
  remedy: "Take an app setting of another name.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, envRef: DAPR_JOBS_SCHEDULE }\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const { metadata } of componentsOf(context)) {
      for (const { name, reference } of metadata) {
        if (reference?.kind !== "envRef") continue;
        const { text, place } = reference.name;
        if (!/^(?:APP_API_TOKEN$|DAPR_)| /i.test(text)) continue;
        yield {
          place,
          message: `daprd does not hand out the variable "${text}", so ${name} stays empty.`,
          remedy: "Take a name that does not begin with DAPR_, has no blank, and is not APP_API_TOKEN.",
        };
      }
    }
  },
};
