import { expect } from "vitest";
import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import type { Host } from "../../harness/site/host.ts";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { leftoversOf } from "../support/leftovers.ts";
import { TrialRuns } from "../support/trial-runs.ts";

const test = siteTest("fixtures/sites/example");

const MISSING_IMAGE = "example.azurecr.io/extra:1.0.0";

test.concurrent(
  "every published port is on 127.0.0.1, and a normal end leaves nothing",
  async ({ host, definition }) => {
    const { docker } = host.engine;
    const site = await startSite(definition, { host });
    const left = await leftoversOf(host.engine, [site.runId]);
    const containers = left.filter(({ kind }) => kind === "container");
    const inspected = await Promise.all(containers.map(({ id }) => docker.getContainer(id).inspect()));
    const bound = inspected.flatMap(({ Name, NetworkSettings }) =>
      Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) =>
        ((bindings as { readonly HostIp: string }[] | null) ?? []).map(({ HostIp }) => ({
          port: `${Name.split("-").at(-1)} ${port}`,
          HostIp,
        })),
      ),
    );
    expect(bound.map(({ port }) => port).toSorted()).toEqual([
      "platform 2222/tcp",
      "platform 2223/tcp",
      "platform 3500/tcp",
      "platform 50001/tcp",
      "platform 9000/tcp",
      "platform 9090/tcp",
      "storage 443/tcp",
    ]);
    expect(new Set(bound.map(({ HostIp }) => HostIp))).toEqual(new Set(["127.0.0.1"]));

    await site.stop();
    await site[Symbol.asyncDispose]();

    expect(await leftoversOf(host.engine, [site.runId])).toEqual([]);
  },
);

test.concurrent(
  "a site whose third container cannot be created leaves nothing",
  async ({ host, definition }) => {
    await using trial = await TrialRuns.create(host.engine);
    const started: string[] = [];

    const failure = startSite(withThird(definition), {
      host: withoutImage(host),
      runsDirectory: trial.directory,
      onTimeline: (timeline) =>
        timeline.subscribe((event) => {
          if (event.type === "container.created" || event.type === "container.started")
            started.push(`${event.container} ${event.type}`);
        }),
    });

    await expect(failure).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
      fault: "user",
      message: expect.stringMatching(
        /could not creat.* container "extra"[^]*No such image: sitecar\/never-made:1[^]*\nFix: /,
      ),
    });
    expect(await trial.runs()).toHaveLength(1);
    // The platform was there already, and nothing of the site had been started.
    expect(started).toContain("platform container.started");
    expect(started).not.toContain("main container.started");
    expect(started).not.toContain("dapr container.started");
    expect(await trial.leftovers()).toEqual([]);
  },
);

function withThird(definition: SiteDefinition): SiteDefinition {
  return {
    ...definition,
    siteContainers: [
      ...definition.siteContainers,
      { name: "extra", properties: { image: MISSING_IMAGE, isMain: false } },
    ],
  };
}

/** The image went away between its preparation and the creation. */
function withoutImage(host: Host): Host {
  const { images } = host;
  return {
    ...host,
    images: {
      ...images,
      of: (requested) =>
        requested === MISSING_IMAGE
          ? { ...images.platform, requested, reference: "sitecar/never-made:1" }
          : images.of(requested),
    },
  };
}
