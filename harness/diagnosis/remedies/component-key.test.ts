import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readComponentFile } from "../../dapr/component-files.ts";
import { withComponentKey } from "./component-key.ts";

const BLOB = `# Where batches are written.
apiVersion: dapr.io/v1alpha1
kind: Component
metadata:
  name: blob
spec:
  type: bindings.azure.blobstorage
  version: v1
  metadata:
    # The account.
    - name: accountName
      value: shopfiles
    - name: containerName
      value: 'c1' # short
`;
const BATCH = `apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: batch}
spec:
    type:   bindings.cron
    version: v1
    metadata:
    - {name: schedule, value: "@every 10s"}
`;

function componentsOf(text: string) {
  return readComponentFile("/c.yaml", new TextEncoder().encode(text)).components;
}

describe("withComponentKey", () => {
  it("adds a key of spec before the metadata, and keeps comments", () => {
    expect(withComponentKey(BLOB, { component: "blob", key: "spec.initTimeout", value: "30s" })).toBe(
      BLOB.replace("  metadata:\n    #", '  initTimeout: "30s"\n  metadata:\n    #'),
    );
  });

  it("writes ignoreErrors as a truth value, which daprd takes no text for", () => {
    const text = withComponentKey(BLOB, { component: "blob", key: "spec.ignoreErrors", value: "true" });
    expect(text).toContain("\n  ignoreErrors: true\n");
    expect(componentsOf(text ?? "")[0]?.ignoreErrors).toBe(true);
  });

  it("adds an item of the metadata, as text", () => {
    const text = withComponentKey(BLOB, {
      component: "blob",
      key: "metadata.disableEntityManagement",
      value: "true",
    });
    expect(text).toBe(`${BLOB}    - name: disableEntityManagement\n      value: "true"\n`);
  });

  it("replaces an item whatever the case of its name", () => {
    const text = withComponentKey(BLOB, { component: "blob", key: "metadata.accountname", value: "other" });
    expect(text).toBe(BLOB.replace("value: shopfiles", 'value: "other"'));
  });

  it("sets scopes", () => {
    const text = withComponentKey(BLOB, { component: "blob", key: "scopes", value: "main,other" });
    expect(componentsOf(text ?? "")[0]?.scopes).toEqual(["main", "other"]);
  });

  it("leaves other documents byte for byte as they are", () => {
    const text = withComponentKey(`${BATCH}---\n${BLOB}`, {
      component: "blob",
      key: "spec.initTimeout",
      value: "30s",
    });
    expect(text?.startsWith(`${BATCH}---\n`)).toBe(true);
    expect(text).toBe(
      `${BATCH}---\n${BLOB.replace("  metadata:\n    #", '  initTimeout: "30s"\n  metadata:\n    #')}`,
    );
    const first = withComponentKey(`${BATCH}---\n${BLOB}`, {
      component: "batch",
      key: "metadata.direction",
      value: "input",
    });
    expect(first?.endsWith(`\n---\n${BLOB}`)).toBe(true);
    expect(componentsOf(first ?? "").map(({ name }) => name)).toEqual(["batch", "blob"]);
  });

  it("is nothing for a component that is not in the file, or can't be read", () => {
    expect(
      withComponentKey(BLOB, { component: "blobs", key: "spec.initTimeout", value: "30s" }),
    ).toBeUndefined();
    expect(
      withComponentKey("a: [", { component: "blob", key: "spec.initTimeout", value: "30s" }),
    ).toBeUndefined();
  });

  it("changes that one item of daprd's reading and nothing else", () => {
    const word = fc
      .stringMatching(/^[a-z][a-zA-Z0-9]{0,8}$/)
      .filter((name) => !["name", "value"].includes(name));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(word, fc.string({ unit: "grapheme-ascii" })), {
          selector: ([name]) => name.toLowerCase(),
          maxLength: 4,
        }),
        word,
        fc.string({ unit: "grapheme-ascii" }),
        (items, name, value) => {
          const lines = items.map(
            ([key, text]) => `    - name: ${JSON.stringify(key)}\n      value: ${JSON.stringify(text)}\n`,
          );
          const head = BATCH.slice(0, BATCH.indexOf("    metadata:"));
          const text =
            head + (lines.length === 0 ? "    metadata: []\n" : `    metadata:\n${lines.join("")}`);
          const [before] = componentsOf(text);
          const [after] = componentsOf(
            withComponentKey(text, { component: "batch", key: `metadata.${name}`, value }) ?? "",
          );
          const same = Object.keys(before?.metadata ?? {}).find(
            (key) => key.toLowerCase() === name.toLowerCase(),
          );
          expect(after).toEqual({ ...before, metadata: { ...before?.metadata, [same ?? name]: value } });
        },
      ),
    );
  });
});
