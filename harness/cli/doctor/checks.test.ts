import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSite } from "../../definition/read-site.ts";
import type { SiteContainerProperties } from "../../definition/site-definition.ts";
import { SitecarError } from "../../errors/index.ts";
import type { EngineCapacity } from "../../runtime/diagnosis/engine-capacity.ts";
import type { ImageSurvey } from "../../runtime/diagnosis/image-survey.ts";
import { connectEngine } from "../../runtime/engine/connect-engine.ts";
import type { Leftover } from "../../runtime/leftovers.ts";
import { checkDisk } from "./check-disk.ts";
import { checkEngine, checkMissingEngine } from "./check-engine.ts";
import { checkEnvironment } from "./check-environment.ts";
import { checkImages } from "./check-images.ts";
import { checkLeftovers } from "./check-leftovers.ts";
import { checkMemory } from "./check-memory.ts";
import { checkNode } from "./check-node.ts";
import { checkPortClaims } from "./check-port-claims.ts";
import { checkPublishing } from "./check-publishing.ts";
import { gibibytes, mebibytes, type Finding } from "./finding.ts";

const EXAMPLE = "fixtures/sites/example";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-doctor-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const states = (findings: readonly Finding[]): string[] => findings.map(({ state }) => state);

describe("node", () => {
  it("is fine from the wanted major version up, and a problem below", () => {
    expect(checkNode(">=24", "24.0.0").state).toBe("ok");
    expect(checkNode(">=24", "26.1.0").state).toBe("ok");
    expect(checkNode(">=24", "20.20.2")).toMatchObject({
      state: "problem",
      summary: expect.stringContaining("20.20.2"),
    });
  });
});

describe("engine", () => {
  const capacity: EngineCapacity = {
    memoryBytes: gibibytes(4),
    processors: 2,
    system: "Debian GNU/Linux 12 (bookworm), x86_64",
    storageDirectory: "/var/lib/docker",
    freeStorageBytes: gibibytes(10),
    remoteHost: undefined,
  };
  const engine = { version: "20.10.24", apiVersion: "1.41", origin: "/var/run/docker.sock" };

  it("says which, where, and on what system", () => {
    expect(checkEngine(engine, capacity)).toEqual({
      check: "engine",
      state: "ok",
      summary:
        "20.10.24, API 1.41, /var/run/docker.sock; Debian GNU/Linux 12 (bookworm), x86_64, 2 processors",
    });
  });

  it("is a problem on another host: its 127.0.0.1 is not ours", () => {
    const finding = checkEngine(engine, { ...capacity, remoteHost: "build.example" });
    expect(finding).toMatchObject({ state: "problem", summary: expect.stringContaining("build.example") });
  });

  it("is a problem when the one that DOCKER_HOST names does not answer, even where one could be installed", async () => {
    const environment = { DOCKER_HOST: `unix://${join(directory, "none.sock")}`, PATH: directory };
    await withCommand("apt-get");
    const error = await connectEngine({ mayInstall: false, environment }).catch((reason: unknown) => reason);
    expect(await checkMissingEngine(error, environment)).toMatchObject({
      check: "engine",
      state: "problem",
      summary: expect.stringContaining("DOCKER_HOST"),
      remedy: expect.stringContaining("DOCKER_HOST"),
    });
  });

  const missing = new SitecarError("ENGINE_NOT_FOUND", {
    message: "no container engine answers on this machine.",
    remedy: "start the engine.",
  });

  it("is a problem where none can be installed", async () => {
    const environment = { PATH: directory, HOME: directory, SITECAR_NO_INSTALL: "1" };
    expect(await checkMissingEngine(missing, environment)).toMatchObject({
      state: "problem",
      summary: expect.stringContaining("SITECAR_NO_INSTALL=1 forbids it"),
      remedy: "start the engine.",
    });
  });

  it.runIf(process.platform === "linux" && process.getuid?.() === 0)(
    "is a warning where the next start installs one, and says what",
    async () => {
      await withCommand("apt-get");
      expect(await checkMissingEngine(missing, { PATH: directory, HOME: directory })).toMatchObject({
        state: "warning",
        remedy: expect.stringContaining("docker.io and iptables"),
      });
    },
  );

  it("leaves errors that are not ours alone", async () => {
    const fault = new TypeError("x is undefined");
    await expect(checkMissingEngine(fault, {})).rejects.toBe(fault);
  });
});

describe("images", () => {
  const survey: ImageSurvey = {
    decision: { source: "stand-in", reason: "no registry: no such host" },
    present: ["debian:bookworm-slim", "node:24-bookworm-slim"],
    missing: [],
    obstacles: [],
  };

  it("are fine when all are there", () => {
    expect(checkImages(survey)).toMatchObject([
      { state: "ok", summary: expect.stringContaining("all 2 are there") },
    ]);
  });

  it("are a warning while they have to be made or pulled", () => {
    const missing = ["daprio/daprd:1.18.2"];
    expect(checkImages({ ...survey, missing })).toMatchObject([
      {
        state: "warning",
        summary: expect.stringContaining("daprio/daprd:1.18.2"),
        remedy: expect.stringContaining("makes them"),
      },
    ]);
    expect(
      checkImages({ ...survey, missing, decision: { source: "registry", reason: "the registry answers" } }),
    ).toMatchObject([{ state: "warning", remedy: expect.stringContaining("pulls them") }]);
  });

  it("are a problem each when they can't be had", () => {
    const obstacles = [
      { image: "a:1", why: "there is no apt-get" },
      { image: "b:1", why: "no stand-in is known" },
    ];
    expect(states(checkImages({ ...survey, missing: ["a:1", "b:1"], obstacles }))).toEqual([
      "problem",
      "problem",
    ]);
  });
});

describe("published ports", () => {
  it("says how the trial went", () => {
    expect(checkPublishing({ outcome: "answered", afterMs: 412 }).state).toBe("ok");
    expect(checkPublishing({ outcome: "not tried" }).state).toBe("warning");
    expect(checkPublishing({ outcome: "silent", detail: "ECONNREFUSED" })).toMatchObject({
      state: "problem",
      summary: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

async function withContainer(name: string, properties: Partial<SiteContainerProperties>) {
  const site = await readSite(EXAMPLE);
  return {
    ...site,
    siteContainers: [
      ...site.siteContainers.filter((container) => container.name !== name),
      { name, properties: { image: "image", isMain: name === "main", ...properties } },
    ],
  };
}

describe("container ports", () => {
  it("of the example have one owner each", async () => {
    expect(checkPortClaims(await readSite(EXAMPLE))).toEqual([
      { check: "container ports", state: "ok", summary: "each has one owner: 3500, 8081, 9000, 9090, 50001" },
    ]);
  });

  it.each([
    ["3500", "dapr's Dapr HTTP API"],
    ["50001", "dapr's Dapr gRPC API"],
    ["9090", "dapr's Dapr metrics"],
    ["8081", "the platform's identity service"],
  ])("collide when main takes %s", async (targetPort, owner) => {
    expect(checkPortClaims(await withContainer("main", { targetPort }))).toMatchObject([
      { state: "problem", summary: expect.stringContaining(owner) },
    ]);
  });

  it("collide when a second sidecar takes main's", async () => {
    expect(checkPortClaims(await withContainer("proxy", { targetPort: "9000" }))).toMatchObject([
      { state: "problem", summary: "9000 is claimed by main's targetPort and by proxy's targetPort" },
    ]);
  });

  it("do not collide when the sidecar's targetPort names daprd's own port", async () => {
    expect(states(checkPortClaims(await withContainer("dapr", { targetPort: "3500" })))).toEqual(["ok"]);
  });
});

function memoryState(availableBytes: number, engineBytes?: number): Finding["state"] {
  return checkMemory({ availableBytes, engineBytes }).state;
}

describe("memory", () => {
  it("goes by the smaller of the machine's and the engine's", () => {
    expect(memoryState(gibibytes(8))).toBe("ok");
    expect(memoryState(gibibytes(8), gibibytes(1))).toBe("warning");
    expect(memoryState(gibibytes(1), gibibytes(8))).toBe("warning");
    expect(memoryState(mebibytes(200), gibibytes(8))).toBe("problem");
    expect(memoryState(gibibytes(8), mebibytes(200))).toBe("problem");
  });
});

describe("disk", () => {
  const place = { what: "cache", directory: "/cache", use: "compile" } as const;

  it("asks for the images' room only while they have to be made", () => {
    expect(checkDisk({ ...place, freeBytes: gibibytes(3) }, false).state).toBe("warning");
    expect(checkDisk({ ...place, freeBytes: gibibytes(3) }, true).state).toBe("ok");
    expect(checkDisk({ ...place, freeBytes: gibibytes(3), use: "images" }, false).state).toBe("ok");
  });

  it("is a problem when no run has room, and says nothing of a disk it can't see", () => {
    expect(checkDisk({ ...place, freeBytes: mebibytes(100) }, true).state).toBe("problem");
    expect(checkDisk({ ...place, freeBytes: undefined }, false).state).toBe("ok");
  });
});

describe("environment", () => {
  it("names the variables that are set, and never shows a value", async () => {
    const authority = join(directory, "company.pem");
    await writeFile(authority, "");
    const findings = await checkEnvironment({
      HTTPS_PROXY: "http://user:secret@proxy.example:3128",
      NODE_EXTRA_CA_CERTS: authority,
      GOPROXY: "https://user:secret@go.example",
      SITECAR_IMAGES: "stand-in",
      LANG: "C",
    });
    expect(findings).toEqual([
      {
        check: "environment",
        state: "ok",
        summary: "set: HTTPS_PROXY, NODE_EXTRA_CA_CERTS, GOPROXY, SITECAR_IMAGES",
      },
    ]);
  });

  it("warns of a CA file that isn't there", async () => {
    const findings = await checkEnvironment({ SSL_CERT_FILE: join(directory, "gone.pem") });
    expect(findings).toMatchObject([
      { state: "ok" },
      { state: "warning", summary: expect.stringContaining("SSL_CERT_FILE") },
    ]);
    expect(JSON.stringify(findings)).not.toContain("gone.pem");
  });

  it("warns when requests to 127.0.0.1 would go to a proxy", async () => {
    const proxy = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: "http://proxy.example:3128" };
    expect(states(await checkEnvironment(proxy))).toEqual(["ok", "warning"]);
    expect(states(await checkEnvironment({ ...proxy, NO_PROXY: "example.com, 127.0.0.1" }))).toEqual(["ok"]);
    expect(states(await checkEnvironment({ ...proxy, NODE_USE_ENV_PROXY: "" }))).toEqual(["ok"]);
  });
});

function left(runner: Leftover["runner"], name = "sitecar-1-main"): Leftover {
  return { kind: "container", id: name, name, runId: "1", runner, session: undefined };
}

describe("leftovers", () => {
  it("of dead runs are a warning that names them", () => {
    const [finding] = checkLeftovers([left("dead"), left("unreadable", "x")]);
    expect(finding).toMatchObject({
      state: "warning",
      summary: "2 of dead runs: container sitecar-1-main, container x",
    });
  });

  it("of runs that go on are none", () => {
    expect(checkLeftovers([left("alive"), left("alive", "sitecar-1-dapr")])).toEqual([
      { check: "leftovers", state: "ok", summary: "none of dead runs; 1 run is going on" },
    ]);
  });

  it("of another machine are a warning of their own", () => {
    expect(checkLeftovers([left("elsewhere")])).toMatchObject([
      { state: "ok" },
      { state: "warning", remedy: expect.stringContaining("--all") },
    ]);
  });
});

async function withCommand(name: string): Promise<void> {
  await writeFile(join(directory, name), "#!/bin/sh\n");
  await chmod(join(directory, name), 0o755);
}
