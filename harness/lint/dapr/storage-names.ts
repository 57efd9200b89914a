import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { certainValue } from "./credentials.ts";

interface NameRule {
  readonly key: string;
  readonly what: string;
  readonly pattern: RegExp;
  readonly form: string;
}

const ACCOUNT: NameRule = {
  key: "accountName",
  what: "storage account",
  pattern: /^[a-z0-9]{3,24}$/,
  form: "3 to 24 lower-case letters and digits",
};
const CONTAINER: NameRule = {
  key: "containerName",
  what: "container",
  pattern: /^(?:\$root|\$web|\$logs|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])$/,
  form: "3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends",
};
const QUEUE: NameRule = {
  key: "queueName",
  what: "queue",
  pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  form: CONTAINER.form,
};
const TABLE: NameRule = {
  key: "tableName",
  what: "table",
  pattern: /^[A-Za-z][A-Za-z0-9]{2,62}$/,
  form: "3 to 63 letters and digits, a letter first",
};

const NAMES: Readonly<Record<string, readonly NameRule[]>> = {
  "bindings.azure.blobstorage": [ACCOUNT, CONTAINER],
  "state.azure.blobstorage": [ACCOUNT, CONTAINER],
  "bindings.azure.storagequeues": [ACCOUNT, QUEUE],
  "state.azure.tablestorage": [TABLE],
};

export const storageNames: Rule = {
  id: "SC146",
  name: "storage-names",
  severity: "error",
  title: "Azure Storage refuses this name.",
  reason:
    "daprd creates the container, queue or table at start; storage answers a name that breaks its rules with 400 (OutOfRangeInput, InvalidResourceName), which is fatal (exit 1). No storage account has such a name, either.",
  source:
    "https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata; seen on daprd 1.18.2",
  remedy: "Write a name that follows the rules.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  initTimeout: 30s\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: Shop_Files }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      const { known } = component;
      if (known === undefined) continue;
      for (const { key, what, pattern, form } of Object.hasOwn(NAMES, known.type)
        ? (NAMES[known.type] ?? [])
        : []) {
        const entry = certainValue(component, ...known.aliasesOf(key));
        if (entry?.value === undefined || pattern.test(entry.value)) continue;
        yield {
          place: entry.valuePlace,
          message: `"${entry.value}" can't be the name of a ${what}.`,
          remedy: `Write ${form}.`,
        };
      }
    }
  },
};
