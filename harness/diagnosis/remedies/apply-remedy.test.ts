import { describe, expect, it } from "vitest";

import { site } from "../../plan/test-support/small-definition.ts";
import type { RemedyChange } from "../diagnosis.ts";
import { applyRemedy } from "./apply-remedy.ts";
import type { ContainerContents, SiteCopy } from "./site-copy.ts";

const BATCH = `apiVersion: dapr.io/v1alpha1
kind: Component
metadata:
  name: batch
spec:
  type: bindings.cron
  version: v1
  metadata:
    - name: schedule
      value: "@every 10s"
`;
const SCRIPT = "#!/bin/sh\ndaprd --app-port 9000\n";

/** Containers of which a test says all that is in them. */
function contents(
  files: Readonly<Record<string, string>>,
  command: readonly string[] = ["entrypoint.sh"],
): ContainerContents {
  return {
    command: () => Promise.resolve(command),
    files: (_, at) =>
      Promise.resolve(
        Object.entries(files)
          .filter(([path]) => path === at || path.startsWith(`${at}/`))
          .map(([path, text]) => ({ path, text, mode: 0o755 })),
      ),
  };
}

const IMAGE = contents({ "/components/batch.yaml": BATCH, "/usr/local/bin/entrypoint.sh": SCRIPT });

async function apply(
  change: RemedyChange,
  inside = IMAGE,
  copy: SiteCopy = { definition: site(), files: {} },
) {
  return await applyRemedy(copy, [change], inside);
}

function propertiesIn({ definition }: SiteCopy, container: string) {
  return definition.siteContainers.find(({ name }) => name === container)?.properties;
}

describe("applyRemedy", () => {
  it("places a changed component file over the image's, and touches nothing else", async () => {
    const definition = site();
    const before = structuredClone(definition);
    const changed = await apply(
      {
        kind: "component-key",
        container: "dapr",
        component: "batch",
        key: "metadata.direction",
        value: "input",
      },
      IMAGE,
      { definition, files: {} },
    );
    expect(changed.files["dapr"]).toEqual([
      {
        path: "/components/batch.yaml",
        content: `${BATCH}    - name: direction\n      value: "input"\n`,
        mode: 0o755,
      },
    ]);
    expect(changed.definition).toEqual(before);
    expect(definition).toEqual(before);
  });

  it("builds on a file that the run already places", async () => {
    const placed = [{ path: "/components/batch.yaml", content: BATCH.replace("10s", "1s"), mode: 0o644 }];
    const changed = await apply(
      {
        kind: "component-key",
        container: "dapr",
        component: "batch",
        key: "metadata.direction",
        value: "input",
      },
      IMAGE,
      { definition: site(), files: { dapr: placed } },
    );
    expect(changed.files["dapr"]).toHaveLength(1);
    expect(changed.files["dapr"]?.[0]?.content).toMatch(/@every 1s[^]*direction/);
  });

  it("applies several changes to one file", async () => {
    const key = { kind: "component-key", container: "dapr", component: "batch" } as const;
    const changed = await applyRemedy(
      { definition: site(), files: {} },
      [
        { ...key, key: "spec.initTimeout", value: "30s" },
        { ...key, key: "metadata.direction", value: "input" },
      ],
      IMAGE,
    );
    expect(changed.files["dapr"]?.map(({ content }) => content)).toEqual([
      expect.stringMatching(/initTimeout: "30s"[^]*direction/),
    ]);
  });

  it("explains a component that no file of the image has", async () => {
    await expect(
      apply({
        kind: "component-key",
        container: "dapr",
        component: "blob",
        key: "spec.initTimeout",
        value: "30s",
      }),
    ).rejects.toThrowError(
      /^REMEDY_NOT_APPLICABLE: .*no file in \/components of container "dapr" has component "blob"/,
    );
  });

  it("adds daprd's flag in the entrypoint's script", async () => {
    const changed = await apply({ kind: "daprd-flag", container: "dapr", flag: "app-port", value: "9001" });
    expect(changed.files["dapr"]).toEqual([
      { path: "/usr/local/bin/entrypoint.sh", content: "#!/bin/sh\ndaprd --app-port 9001\n", mode: 0o755 },
    ]);
  });

  it("adds it to the image's command where daprd is the program itself", async () => {
    const changed = await apply(
      { kind: "daprd-flag", container: "dapr", flag: "enable-app-health-check" },
      contents({}, ["/daprd", "--app-id", "a b"]),
    );
    expect(propertiesIn(changed, "dapr")?.startUpCommand).toBe(
      '/daprd --enable-app-health-check --app-id "a b"',
    );
  });

  it("adds it to the start-up command", async () => {
    const definition = site({ dapr: { startUpCommand: "/daprd --app-id a" } });
    const changed = await apply(
      { kind: "daprd-flag", container: "dapr", flag: "metrics-port", value: "9091" },
      IMAGE,
      {
        definition,
        files: {},
      },
    );
    expect(propertiesIn(changed, "dapr")?.startUpCommand).toBe("/daprd --metrics-port 9091 --app-id a");
    expect(changed.definition.daprSidecars[0]?.metricsPort).toBe(9091);
  });

  it("changes a script that stands in the start-up command, and places it as a file", async () => {
    const definition = site({ dapr: { startUpCommand: `sh -c "sleep 1; daprd --app-id 'a'"` } });
    const changed = await apply(
      { kind: "daprd-flag", container: "dapr", flag: "app-port", value: "1" },
      IMAGE,
      {
        definition,
        files: {},
      },
    );
    expect(propertiesIn(changed, "dapr")?.startUpCommand).toBe("sh /etc/sitecar/remedy/entrypoint.sh");
    expect(changed.files["dapr"]?.[0]?.content).toBe("sleep 1; daprd --app-port 1 --app-id 'a'\n");
  });

  it("puts exec before the last command of an entrypoint", async () => {
    const changed = await apply({ kind: "entrypoint-exec", container: "dapr" });
    expect(changed.files["dapr"]?.[0]?.content).toBe("#!/bin/sh\nexec daprd --app-port 9000\n");
  });

  it("replaces a text of an entrypoint as it is", async () => {
    const changed = await apply({ kind: "entrypoint", container: "dapr", replace: "daprd", by: "$& daprd2" });
    expect(changed.files["dapr"]?.[0]?.content).toBe("#!/bin/sh\n$& daprd2 --app-port 9000\n");
    await expect(
      apply({ kind: "entrypoint", container: "dapr", replace: "nowhere", by: "" }),
    ).rejects.toThrowError(/^REMEDY_NOT_APPLICABLE: /);
  });

  it.each([
    ["a program that is no script", contents({ "/usr/local/bin/entrypoint.sh": "\u007fELF" })],
    [
      "a script of another language",
      contents({ "/usr/local/bin/entrypoint.sh": "#!/usr/bin/env python3\n" }),
    ],
    ["an entrypoint that is not there", contents({})],
  ])("explains %s", async (_, inside) => {
    await expect(apply({ kind: "entrypoint-exec", container: "dapr" }, inside)).rejects.toThrowError(
      /^REMEDY_NOT_APPLICABLE: .*not started by a shell script/,
    );
  });

  it("sets an app setting in place of the one that is there", async () => {
    const changed = await apply({ kind: "app-setting", name: "APP:ID", value: "other" });
    expect(changed.definition.appSettings).toEqual([{ name: "APP:ID", value: "other" }]);
  });

  it("sets a variable of one container, by an app setting (A1.8)", async () => {
    const changed = await apply({ kind: "environment", container: "main", name: "MODE", value: "fast" });
    expect(propertiesIn(changed, "main")?.environmentVariables).toEqual([
      { name: "MODE", value: "SITECAR_REMEDY_MODE" },
    ]);
    expect(changed.definition.appSettings).toContainEqual({ name: "SITECAR_REMEDY_MODE", value: "fast" });
  });

  it("gives one container the value of another without knowing it", async () => {
    const definition = site({ dapr: { environmentVariables: [{ name: "DAPR_API_TOKEN", value: "TOKEN" }] } });
    const change = {
      kind: "environment",
      container: "main",
      name: "DAPR_API_TOKEN",
      value: { sameAs: "dapr" },
    } as const;
    const changed = await apply(change, IMAGE, { definition, files: {} });
    expect(propertiesIn(changed, "main")?.environmentVariables).toEqual([
      { name: "DAPR_API_TOKEN", value: "TOKEN" },
    ]);
    await expect(apply(change)).rejects.toThrowError(/^REMEDY_NOT_APPLICABLE: /);
  });

  it("refuses a container that the site has not", async () => {
    await expect(apply({ kind: "start-up-command", container: "web", command: "x" })).rejects.toThrowError(
      /^REMEDY_NOT_APPLICABLE: .*no container "web"/,
    );
  });
});
