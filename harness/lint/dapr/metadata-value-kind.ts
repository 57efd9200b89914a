import { parseGoDuration } from "../../dapr/go-duration.ts";
import type { Rule, RuleFinding } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import type { KnownKey } from "./known-types.ts";
import { isFilledLater } from "./placeholders.ts";

/** What daprd's components take for true and for false; anything else counts as false. */
const TRUTH = ["1", "true", "t", "yes", "y", "on", "0", "false", "f", "no", "n", "off", ""];

export const metadataValueKind: Rule = {
  id: "SC114",
  name: "metadata-value-kind",
  severity: "error",
  title: "The value is not of the kind that this metadata has.",
  reason:
    "A number or a duration that can't be parsed is fatal at start: daprd exits with code 1. A truth value that is none of the words it knows counts as false without a word.",
  source:
    "components-contrib 1.18.3, metadata.yaml of each component; dapr/kit 0.18.2 metadata; seen on 1.18.2",
  remedy: "Write a number, a Go duration such as 30s, or true or false.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  initTimeout: 30s\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: files }\n    - { name: retryCount, value: many }\n",
  *check(context) {
    for (const { known, metadata } of componentsOf(context)) {
      if (known?.keys === undefined || !known.isStable) continue;
      for (const { name, value, valuePlace } of metadata) {
        const key = known.keys.find((one) => one.name.toLowerCase() === name.toLowerCase());
        const fault = key === undefined || value === undefined ? undefined : faultOfValue(key, value);
        if (fault !== undefined) yield { ...fault, place: valuePlace };
      }
    }
  },
};

function faultOfValue(key: KnownKey, value: string): Omit<RuleFinding, "place"> | undefined {
  if (value === "" || isFilledLater(value)) return undefined;
  const what = key.sensitive ? "the value" : `"${value}"`;
  if (key.kind === "number" && !/^[-+]?(?:0[xXoObB])?[0-9a-fA-F_]+$|^[-+]?\d*\.?\d+$/.test(value)) {
    return {
      message: `${key.name} is a number, and ${what} is none, so daprd exits.`,
      remedy: "Write a number.",
    };
  }
  if (key.kind === "duration" && parseGoDuration(value) === undefined && !/^[-+]?\d+$/.test(value)) {
    return {
      message: `${key.name} is a duration, and ${what} is none, so daprd exits.`,
      remedy: "Write a Go duration, for example 30s or 1h30m.",
    };
  }
  if (key.kind === "bool" && !TRUTH.includes(value.toLowerCase())) {
    return {
      severity: "warning",
      message: `${key.name} is true or false, and ${what} counts as false.`,
      remedy: 'Write "true" or "false".',
    };
  }
  return undefined;
}
