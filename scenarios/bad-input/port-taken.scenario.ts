import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "vitest";
import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import { EngineContainer } from "../../harness/runtime/container.ts";
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { EngineProxy } from "../support/engine-proxy.ts";
import { withProperties } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { TrialRuns } from "../support/trial-runs.ts";

const test = siteTest("fixtures/sites/example");

/** What Docker 20.10 says when a port that it publishes is in use; the scenario below sees it say so. */
const ENGINE_SAYS = /address already in use|port is already allocated/;

test.concurrent.for([
  { port: 9000, victim: "main", says: /main \| .*EADDRINUSE: address already in use 0\.0\.0\.0:9000/ },
  // The likeliest real collision: a Prometheus exporter in main, and daprd's metrics (daprd.md §6).
  {
    port: 9090,
    victim: "dapr",
    says: /dapr \| fatal: Fatal error from runtime: failed to listen on 0\.0\.0\.0:9090: .*address already in use/i,
  },
])(
  "two containers of a site on port $port: the later one, $victim, ends, and the start says why",
  async ({ port, victim, says }, { startSite: start, definition }) => {
    const site = await start(
      { until: "scheduled", schedule: { main: "never", dapr: "never" } },
      withSquatter(withProperties(definition, "main", { startUpCommand: "node /app/dist/index.js" }), port),
    );
    await untilEvent(site, "port.opened", { withinMs: 60_000, matches: (opened) => opened.port === port });

    await site.container(victim).start();

    await expect(site.untilStarted()).rejects.toMatchObject({
      code: "CONTAINER_EXITED_DURING_START",
      message: expect.stringMatching(
        new RegExp(
          `container "${victim}" ended with exit code 1 before the site had started\\.[^]*${says.source}[^]*\\nFix: read its last lines`,
          "i",
        ),
      ),
    });
  },
);

test.concurrent("a published port that is in use on the host", async ({ host }) => {
  const { docker } = host.engine;
  await using taken = await listening();
  const container = await docker.createContainer({
    Image: host.images.platform.reference,
    ExposedPorts: { "9000/tcp": {} },
    HostConfig: { PortBindings: { "9000/tcp": [{ HostIp: "127.0.0.1", HostPort: String(taken.port) }] } },
  });
  const label = "squatted";
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => container.remove({ force: true, v: true }));

  const failure = EngineContainer.of(host.engine, container.id, { name: label, label }).start();

  await expect(failure).rejects.toMatchObject({
    code: "PORT_TAKEN",
    fault: "system",
    observations: [{ label: "engine", value: expect.stringMatching(ENGINE_SAYS) }],
    remedy: expect.stringMatching(/ss -ltnp.*sitecar prune/),
  });
});

test.concurrent(
  "an engine that cannot publish a site's ports: nothing of the site is left",
  async ({ host, definition }) => {
    await using proxy = await EngineProxy.inFrontOf(process.env["DOCKER_HOST"]);
    await using trial = await TrialRuns.create(host.engine);
    const engine = await connectEngine({ environment: { DOCKER_HOST: proxy.dockerHost } });
    proxy.refuse((line) =>
      /^POST \/containers\/[0-9a-f]{64}\/start/.test(line)
        ? {
            status: 500,
            message:
              "driver failed programming external connectivity: Bind for 127.0.0.1:32768 failed: port is already allocated",
          }
        : undefined,
    );

    const failure = startSite(definition, { host: { ...host, engine }, runsDirectory: trial.directory });

    await expect(failure).rejects.toMatchObject({
      code: "PORT_TAKEN",
      observations: [
        { label: "engine", value: expect.stringMatching(/^HTTP 500: .*port is already allocated/) },
      ],
    });
    expect(await trial.runs()).toHaveLength(1);
    expect(await trial.leftovers()).toEqual([]);
  },
);

/** A sidecar that holds a port and answers nothing there. */
function withSquatter(definition: SiteDefinition, port: number): SiteDefinition {
  const main = definition.siteContainers.find(({ properties }) => properties.isMain);
  return {
    ...definition,
    siteContainers: [
      ...definition.siteContainers,
      {
        name: "squatter",
        properties: {
          image: main?.properties.image ?? "",
          isMain: false,
          startUpCommand: `node -e "require('node:net').createServer().listen(${port})"`,
        },
      },
    ],
  };
}

async function listening(): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
