import { expect } from "vitest";
import type { SiteDefinition, VolumeMount } from "../../harness/definition/site-definition.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { beforeMain } from "../support/before-main.ts";
import { withProperties } from "../support/example-site.ts";
import { ANSWERING_MAIN, IDLE, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

const STORAGE_OFF = [{ name: "WEBSITES_ENABLE_APP_SERVICE_STORAGE", value: "false" }];

function siteWith(
  example: SiteDefinition,
  mounts: Readonly<Record<string, readonly VolumeMount[]>>,
  more: Partial<SiteDefinition> = {},
) {
  const small = smallSite(example, { main: ANSWERING_MAIN, sidecar: IDLE }, more);
  let { definition } = small;
  for (const [name, volumeMounts] of Object.entries(mounts)) {
    definition = withProperties(definition, name, { volumeMounts });
  }
  return { definition, options: { ...small.options, schedule: beforeMain("sidecar") } };
}

/** What a shell in a container says; fails when it ends with another code than 0. */
async function sh(site: Pick<RunningSite, "container">, container: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await site.container(container).exec(["sh", "-c", script]);
  if (exitCode !== 0) throw new Error(`${script}: exit ${exitCode}: ${stderr}`);
  return stdout.trim();
}

test.concurrent(
  "sub paths are parts of one tree that an instance's containers share; readOnly is honoured; a restart empties it (A5.2)",
  async ({ startSite, definition }) => {
    const { definition: site, options } = siteWith(definition, {
      main: [
        { volumeSubPath: "/data", containerMountPath: "/mnt/data" },
        { volumeSubPath: "/data/cache", containerMountPath: "/mnt/cache", readOnly: true },
      ],
      sidecar: [
        { volumeSubPath: "data/cache", containerMountPath: "/cache" },
        { volumeSubPath: "/home/kept", containerMountPath: "/kept" },
      ],
    });
    const running = await startSite(options, site);

    // A nested sub path sees the same files.
    await sh(running, "sidecar", "echo from-sidecar > /cache/a && echo kept > /kept/b");
    expect(await sh(running, "main", "cat /mnt/data/cache/a /mnt/cache/a")).toBe(
      "from-sidecar\nfrom-sidecar",
    );
    await sh(running, "main", "echo from-main >> /mnt/data/cache/a");
    expect(await sh(running, "sidecar", "cat /cache/a")).toBe("from-sidecar\nfrom-main");
    // Everybody may write there, whatever user a container runs as.
    expect(await sh(running, "main", "stat -c %a /mnt/data /mnt/data/cache")).toBe("777\n777");

    await expect(sh(running, "main", "echo no > /mnt/cache/b")).rejects.toThrow("Read-only file system");
    // A sub path under /home is the persistent share.
    expect(await sh(running, "main", "cat /home/kept/b")).toBe("kept");

    await running.restart();
    expect(await sh(running, "sidecar", "ls -A /cache; cat /kept/b")).toBe("kept");
  },
);

test.concurrent(
  "/home is one share in all containers of all instances, and outlives a restart (A5.1)",
  async ({ startSite, definition }) => {
    const { definition: site, options } = siteWith(definition, {});
    const running = await startSite({ ...options, instances: 2 }, site);
    const [first, second] = running.instances;
    if (first === undefined || second === undefined) throw new Error("two instances were asked for");
    await sh(first, "main", "mkdir -p /home/site && echo one > /home/site/a && stat -c %a /home");
    expect(await sh(second, "sidecar", "cat /home/site/a")).toBe("one");
    expect(await sh(first, "main", "stat -c %a /home; ls -A /home")).toBe("777\nLogFiles\nsite");
    expect(await sh(first, "main", "printenv WEBSITES_ENABLE_APP_SERVICE_STORAGE HOME")).toBe("true\n/home");

    await running.restart();
    expect(await sh(running, "main", "cat /home/site/a")).toBe("one");
  },
);

test.concurrent(
  "with storage off a file in /home is its container's own; only the log files are shared (A5.1)",
  async ({ startSite, definition }) => {
    const { definition: site, options } = siteWith(definition, {}, { appSettings: STORAGE_OFF });
    const running = await startSite(options, site);
    // What the image has in /home is to be seen now; the share would hide it.
    await sh(running, "main", "echo mine > /home/a && echo logged > /home/LogFiles/b");
    expect(await sh(running, "sidecar", "ls /home; cat /home/LogFiles/b")).toBe("LogFiles\nnode\nlogged");
    await running.restart();
    expect(await sh(running, "main", "ls /home; cat /home/LogFiles/b")).toBe("LogFiles\nnode\nlogged");
  },
);
