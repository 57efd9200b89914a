import { describe, expect, it } from "vitest";
import { withCronInterval } from "./cron-interval.ts";

const FILE = `# two components
apiVersion: dapr.io/v1alpha1
kind: Component
metadata:
  name: batch
spec:
  type: bindings.cron
  version: v1
  metadata:
    - { name: schedule, value: '@every 10s' } # ten
    - name: direction
      value: input
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: blob }
spec:
  type: bindings.azure.blobstorage
  metadata:
    - name: schedule
      value: not a cron binding's
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: night }
spec:
  type: bindings.cron
  metadata:
    - name: Schedule
      value: 0 3 * * *
    - name: schedule
      secretKeyRef: { name: a, key: b }
`;

describe("withCronInterval", () => {
  it("replaces the schedules of cron bindings, and nothing else", () => {
    const { text, replaced } = withCronInterval(FILE, "1s");
    expect(replaced).toEqual([
      { component: "batch", before: "@every 10s" },
      { component: "night", before: "0 3 * * *" },
    ]);
    expect(text).toBe(
      FILE.replace("'@every 10s'", '"@every 1s"').replace("value: 0 3 * * *", 'value: "@every 1s"'),
    );
  });

  it("leaves a file without cron bindings, and what daprd can't read, as it is", () => {
    for (const text of ["", "a: [", "kind: Component\nspec: { type: bindings.cron }\n"]) {
      expect(withCronInterval(text, "1s")).toEqual({ text, replaced: [] });
    }
  });
});
