import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { loadSite } from "../load-site.ts";
import type { LoadedSite } from "../loaded-site.ts";
import { SiteFiles } from "../test-support/site-files.ts";

let files: SiteFiles;

beforeEach(async () => {
  files = await SiteFiles.create();
});

afterEach(async () => {
  await files[Symbol.asyncDispose]();
});

async function load(
  compose: string,
  {
    others = {},
    ...more
  }: {
    others?: Readonly<Record<string, unknown>>;
    mainService?: string;
    supplied?: Record<string, string>;
  } = {},
): Promise<LoadedSite> {
  const named = [await files.put("compose.yaml", compose)];
  for (const [name, content] of Object.entries(others)) named.unshift(await files.put(name, content));
  return await loadSite({ files: named, ...more });
}

function ignoredOf({ ignored = [] }: LoadedSite): string[] {
  return ignored.map(({ service, what }) => (service === undefined ? what : `${service}.${what}`));
}

describe("a Compose file as the Azure CLI converts it (A1.17)", () => {
  it("turns services into site containers, with their settings named and not written", async () => {
    const loaded = await load(
      `
services:
  web_front.1:
    image: shop/web:1
    entrypoint: ["node", "--title"]
    command: run  server
    ports: ["80:8080", "81:8081"]
    environment:
      MODE: production
      COUNT: 3
      RATE: 1.0
      FLAG: yes
      EMPTY:
      SHARED:
    volumes:
      - \${WEBAPP_STORAGE_HOME}/site/data:/data
      - \${WEBAPP_STORAGE_HOME}:/all:ro
      - cache:/cache
      - ./src:/src
  worker:
    image: shop/worker:1
    environment: ["A=b=c", "SHARED", "=x"]
    volumes:
      - { type: bind, source: "\${WEBAPP_STORAGE_HOME}/x", target: /x, read_only: true }
      - { type: volume, source: named, target: /named }
volumes: { cache: , named: }
`,
      { others: { "settings.json": { SHARED: "s" } } },
    );
    expect(loaded.problems).toEqual([]);
    const reference = (name: string, value: string) => ({ name, value });
    const web = "COMPOSE_WEB_FRONT_1_";
    expect(loaded.definition.siteContainers).toEqual([
      {
        name: "web-front-1",
        properties: {
          image: "shop/web:1",
          isMain: true,
          targetPort: "8080",
          startUpCommand: "node --title run server",
          environmentVariables: [
            reference("MODE", `${web}MODE`),
            reference("COUNT", `${web}COUNT`),
            reference("RATE", `${web}RATE`),
            reference("FLAG", `${web}FLAG`),
            reference("EMPTY", `${web}EMPTY`),
            reference("SHARED", "SHARED"),
          ],
          volumeMounts: [
            { volumeSubPath: "/home/site/data", containerMountPath: "/data", readOnly: false },
            { volumeSubPath: "/home", containerMountPath: "/all", readOnly: true },
            { volumeSubPath: "/compose/volumes/cache", containerMountPath: "/cache", readOnly: false },
          ],
        },
      },
      {
        name: "worker",
        properties: {
          image: "shop/worker:1",
          isMain: false,
          inheritAppSettingsAndConnectionStrings: false,
          environmentVariables: [reference("A", "COMPOSE_WORKER_A"), reference("SHARED", "SHARED")],
          volumeMounts: [
            { volumeSubPath: "/home/x", containerMountPath: "/x", readOnly: true },
            { volumeSubPath: "/compose/volumes/named", containerMountPath: "/named", readOnly: false },
          ],
        },
      },
    ]);
    expect(Object.fromEntries(loaded.definition.appSettings.map(({ name, value }) => [name, value]))).toEqual(
      {
        SHARED: "s",
        [`${web}MODE`]: "production",
        [`${web}COUNT`]: "3",
        [`${web}RATE`]: "1.0",
        [`${web}FLAG`]: "True",
        [`${web}EMPTY`]: "",
        COMPOSE_WORKER_A: "b=c",
      },
    );
    expect(loaded.definition.siteConfig).toEqual({ linuxFxVersion: "SITECONTAINERS" });
    expect(ignoredOf(loaded)).toEqual([
      "web_front.1.ports[1]",
      "web_front.1.volumes[3]",
      "worker.environment",
    ]);
    expect(loaded.origins.exact("appSettings", `${web}MODE`)).toMatchObject({ line: 9, column: 13 });
    expect(loaded.origins.exact("siteContainers", "worker", "image")).toMatchObject({ line: 21 });
  });

  it.each([
    ["the only one with ports", "a: { image: x }\n  b: { image: y, ports: ['1:2'] }", "b", []],
    [
      "the first of several with ports",
      "a: { image: x }\n  b: { image: y, ports: ['1:2'] }\n  c: { image: z, ports: ['3'] }",
      "b",
      ["services"],
    ],
    ["the first without any ports", "a: { image: x }\n  b: { image: y }", "a", ["services"]],
  ])("makes main %s", async (_, services, main, ignored) => {
    const loaded = await load(`services:\n  ${services}\n`);
    expect(loaded.problems).toEqual([]);
    const mains = loaded.definition.siteContainers.filter(({ properties }) => properties.isMain);
    expect(mains.map(({ name }) => name)).toEqual([main]);
    expect(ignoredOf(loaded)).toEqual(ignored);
  });

  it("makes main the service that is asked for, and knows when there is none of its name", async () => {
    const compose = "services: { a: { image: x }, b: { image: y } }\n";
    const { definition } = await load(compose, { mainService: "b" });
    expect(definition.siteContainers.map(({ properties }) => properties.isMain)).toEqual([false, true]);
    const { problems } = await load(compose, { mainService: "c" });
    expect(problems.map(({ message }) => message)).toContain(
      'services has no service "c", which has to be main.',
    );
  });

  it("keeps what it passes over, with the place", async () => {
    const loaded = await load(`name: shop
services:
  web:
    image: x
    restart: always
    depends_on: [db]
    healthcheck: { test: "true" }
    ports: ["127.0.0.1:8080:80", { target: 80 }, "8080"]
`);
    expect(ignoredOf(loaded)).toEqual([
      "name",
      "web.depends_on",
      "web.healthcheck",
      "web.ports[0]",
      "web.ports[1]",
    ]);
    expect(loaded.ignored?.map(({ place }) => place.line)).toEqual([1, 6, 7, 8, 8]);
    expect(loaded.definition.siteContainers[0]?.properties.targetPort).toBe("8080");
  });

  it("merges anchors as Compose does: what stands in the object wins, of several the first", async () => {
    const { definition, problems } = await load(`
x-a: &a { image: from-a, ports: ["1"] }
x-b: &b { image: from-b, command: from-b }
services:
  web: { <<: [*a, *b], ports: ["2"] }
`);
    expect(problems).toEqual([]);
    expect(definition.siteContainers[0]?.properties).toMatchObject({
      image: "from-a",
      startUpCommand: "from-b",
      targetPort: "2",
    });
  });

  it("puts variables in from .env beside it, app settings, and what was supplied, in this order", async () => {
    await files.put(".env", "A=env\nB=env\nC=env\n");
    const loaded = await load("services: { web: { image: '$A/$B/$C/${D:-default}' } }\n", {
      others: { "settings.json": { B: "setting", C: "setting" } },
      supplied: { C: "supplied" },
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.definition.siteContainers[0]?.properties.image).toBe("env/setting/supplied/default");
    expect(loaded.ignored?.[0]?.message).toContain("the Azure CLI's conversion leaves");
    expect(loaded.definition.appSettings.map(({ name }) => name)).toEqual(["B", "C"]);
  });

  it.each([
    ["no services", "services: []\n", /services has no services/],
    [
      "two services of one name",
      "services: { a_b: { image: x }, a.b: { image: y } }\n",
      /repeats the name "a-b"/,
    ],
    ["a variable that is none", "services: { a: { image: 'x:${' } }\n", /has a "\$\{" that is not closed/],
    [
      "two services at one port",
      "services: { a: { image: x, ports: ['1:80'] }, b: { image: y, ports: ['80'] } }\n",
      /repeats the targetPort "80"/,
    ],
  ])("refuses %s", async (_, compose, message) => {
    const { problems } = await loadSite({
      files: [{ file: await files.put("c.yaml", compose), kind: "compose" }],
    });
    expect(problems.map((problem) => problem.message)).toContainEqual(expect.stringMatching(message));
  });
});
