import { showRule } from "../test-support/cases.ts";
import { blob, cron, daprd, GOOD_SNAPSHOT, type RecordParts } from "../test-support/record.ts";
import { componentMalformed } from "./component-malformed.ts";
import { componentOutOfScope } from "./component-out-of-scope.ts";
import { ignoreErrorsHides } from "./ignore-errors-hides.ts";

/** Components that daprd's metadata has. */
function loaded(...names: readonly string[]): NonNullable<RecordParts["snapshot"]> {
  const { metadata } = GOOD_SNAPSHOT;
  if (metadata === null) return {};
  return {
    metadata: { ...metadata, components: metadata.components.filter(({ name }) => names.includes(name)) },
  };
}

const MALFORMED =
  "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: blob\nspec:\n  type: bindings.azure.blobstorage\n   version: v1\n";

showRule(componentMalformed, {
  contract: "componentsLoaded",
  bad: {
    components: { "batch.yaml": cron({ direction: "input" }), "blob.yaml": MALFORMED },
    snapshot: loaded("batch"),
    lines: [
      daprd(
        1110,
        "warning",
        "daprd load Component error when parsing manifests yaml resource in /components/blob.yaml: error converting YAML to JSON: yaml: line 7: mapping values are not allowed in this context",
      ),
    ],
  },
  cause: /skips document 1 of \/components\/blob\.yaml/,
  quotes: /mapping values are not allowed/,
  near: {},
});

const SCOPED = { "batch.yaml": cron({ direction: "input" }), "blob.yaml": `${blob()}scopes:\n- other\n` };

showRule(componentOutOfScope, {
  contract: "ticksHaveEffect",
  bad: { components: SCOPED, snapshot: loaded("batch") },
  cause: /"blob" is for the apps other alone, and this one is "main"/,
  quotes: /scopes other[^]*id main; components batch/,
  tries: [
    { kind: "component-key", container: "dapr", component: "blob", key: "scopes", value: "other,main" },
  ],
  near: {
    "in scope": { components: { "blob.yaml": `${blob()}scopes:\n- other\n- main\n` } },
    "when nothing is known of daprd": { components: SCOPED, snapshot: { metadata: null } },
  },
});

const IGNORED = {
  "batch.yaml": cron({ direction: "input" }),
  "blob.yaml": blob({}, "  ignoreErrors: true\n"),
};

const IGNORING = daprd(
  6200,
  "error",
  "Ignoring error processing component: process component blob error: [INIT_COMPONENT_FAILURE]: initialization error occurred for blob (bindings.azure.blobstorage/v1): context deadline exceeded\ninit timeout for component blob (bindings.azure.blobstorage/v1)",
);

showRule(ignoreErrorsHides, {
  contract: "componentsLoaded",
  symptom: 'component "blob" not loaded',
  bad: {
    components: IGNORED,
    snapshot: loaded("batch"),
    lines: [IGNORING],
    plan: { schedule: { starts: [{ container: "storage", atMs: null }] } },
  },
  cause: /"blob" could not be initialised, because storage was never started; with ignoreErrors/,
  quotes: /Ignoring error[^]*components: batch/,
  tries: [{ kind: "daprd-flag", container: "dapr", flag: "hot-reload-reconcile-interval", value: "5s" }],
  near: {
    "when it was loaded later": { components: IGNORED, lines: [IGNORING] },
    "without ignoreErrors": { snapshot: loaded("batch"), lines: [IGNORING] },
  },
});
