import { describe, expect, it } from "vitest";

import { containers, found } from "../test-support/found.ts";
import { containerCount } from "./container-count.ts";
import { containerNames } from "./container-names.ts";
import { mainWithoutPort } from "./main-without-port.ts";
import { oneMainContainer } from "./one-main-container.ts";
import { sidecarsIgnored } from "./sidecars-ignored.ts";

const MAIN = "isMain: true, targetPort: 80";

describe("SC002 one-main-container", () => {
  it("finds a second main at its isMain", () => {
    expect(found(oneMainContainer, containers({ web: MAIN, api: "isMain: true" }))).toEqual([
      '5:46 2 containers are main: "web" and "api".',
    ]);
  });

  it("finds that none is main", () => {
    expect(found(oneMainContainer, containers({ web: "isMain: false" }))).toEqual([
      "2:5 no container is main, so no container is pinged or gets requests.",
    ]);
  });

  it.each([
    ["one main", containers({ web: MAIN, api: "isMain: false" })],
    [
      "a site that runs code",
      containers({ otel: "isMain: false" }, "siteConfig: { linuxFxVersion: NODE|22-lts }\n"),
    ],
    ["no containers at all", "appSettings: { A: b }"],
  ])("says nothing of %s", (_, text) => {
    expect(found(oneMainContainer, text)).toEqual([]);
  });
});

describe("SC003 container-names", () => {
  it.each(["redis_cache", "my.sidecar", "-main", "main-", "a b", "é"])("finds %s", (name) => {
    expect(found(containerNames, containers({ [name]: MAIN }))).toEqual([
      `2:5 the container name ${JSON.stringify(name)} is none that App Service takes.`,
    ]);
  });

  it("finds names that differ by case alone", () => {
    expect(found(containerNames, containers({ Web: MAIN, web: "isMain: false" }))).toEqual([
      '4:5 two containers are called "Web" and "web", which is one name to Azure.',
    ]);
  });

  it.each(["a", "0", "redis-cache", "A1-b2", "a--b"])("says nothing of %s", (name) => {
    expect(found(containerNames, containers({ [name]: MAIN }))).toEqual([]);
  });
});

const sidecars = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`side${index}`, "isMain: false"]));

describe("SC004 container-count", () => {
  it("finds the tenth sidecar", () => {
    expect(found(containerCount, containers({ main: MAIN, ...sidecars(10) }))).toEqual([
      '22:5 "side9" is one of 10 sidecars; App Service takes at most 9.',
    ]);
  });

  it("says nothing of main and nine", () => {
    expect(found(containerCount, containers({ main: MAIN, ...sidecars(9) }))).toEqual([]);
  });
});

const withMode = (version: string, all: Record<string, string>): string =>
  containers(all, `siteConfig:\n  linuxFxVersion: ${version}\n`);

describe("SC011 sidecars-ignored", () => {
  const two = { main: MAIN, redis: "isMain: false" };

  it.each(["DOCKER|shop/main:1", "docker|x", "COMPOSE|dmVyc2lvbg=="])("finds %s", (version) => {
    expect(found(sidecarsIgnored, withMode(version, two))).toEqual([
      `7:19 linuxFxVersion is ${JSON.stringify(version)}, with which "redis" will never start: they are ignored.`,
    ]);
  });

  it("finds a main container beside code", () => {
    expect(found(sidecarsIgnored, withMode("PYTHON|3.12", two))).toEqual([
      '7:19 (warning) linuxFxVersion is "PYTHON|3.12", which runs code as main, but "main" has isMain: true.',
    ]);
  });

  it.each([
    ["sitecontainers", withMode("sitecontainers", two)],
    ["SiteContainers", withMode("SiteContainers", two)],
    ["nothing", containers(two)],
    ["code with sidecars only", withMode("NODE|22-lts", { redis: "isMain: false" })],
    ["a classic site without site containers", "siteConfig: { linuxFxVersion: DOCKER|shop/main:1 }"],
  ])("says nothing of %s", (_, text) => {
    expect(found(sidecarsIgnored, text)).toEqual([]);
  });
});

describe("SC034 main-without-port", () => {
  it("finds main, not sidecars", () => {
    expect(found(mainWithoutPort, containers({ main: "isMain: true", side: "isMain: false" }))).toEqual([
      '2:5 "main" has no targetPort, so it has to listen on 80.',
    ]);
  });

  it.each([
    ["a main with a port", containers({ main: MAIN })],
    [
      "WEBSITES_PORT, which is another rule's",
      containers({ main: "isMain: true" }, "appSettings: { WEBSITES_PORT: 1 }"),
    ],
  ])("says nothing of %s", (_, text) => {
    expect(found(mainWithoutPort, text)).toEqual([]);
  });
});
