import { parseGoDuration } from "../../dapr/go-duration.ts";
import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { isFilledLater } from "./placeholders.ts";

export const initTimeoutUnreadable: Rule = {
  id: "SC150",
  name: "init-timeout-unreadable",
  severity: "warning",
  title: "initTimeout is no Go duration, so the default of 5 s holds.",
  reason:
    "daprd takes an initTimeout that it can't parse, for example 30 without a unit, for the default of 5 s and does not say so. Zero or less makes every initialisation that reaches out fail at once.",
  source: "daprd 1.18 pkg/runtime/processor/components.go; seen on 1.18.2",
  remedy: "Write a number with a unit, for example 30s.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  initTimeout: 30\n  metadata:\n    - { name: schedule, value: '@hourly' }\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const { initTimeout } of componentsOf(context)) {
      if (initTimeout === undefined || initTimeout.text === "" || isFilledLater(initTimeout.text)) continue;
      const timeoutMs = parseGoDuration(initTimeout.text);
      if (timeoutMs !== undefined && timeoutMs > 0) continue;
      const isNumber = /^\d+$/.test(initTimeout.text);
      yield {
        ...(timeoutMs === undefined ? {} : { severity: "error" as const }),
        place: initTimeout.place,
        message:
          timeoutMs === undefined
            ? `"${initTimeout.text}" is no Go duration, so the default of 5 s holds.`
            : `with an initTimeout of ${initTimeout.text} the component has no time to start in.`,
        remedy: `Write ${isNumber && timeoutMs === undefined ? `${initTimeout.text}s` : "30s"}.`,
      };
    }
  },
};
