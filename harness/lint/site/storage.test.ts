import { describe, expect, it } from "vitest";

import { containers, found } from "../test-support/found.ts";
import { homeWithoutStorage } from "./home-without-storage.ts";
import { mountPathTwice } from "./mount-path-twice.ts";
import { storageLeftToCli } from "./storage-left-to-cli.ts";
import { volumeLostAtRestart } from "./volume-lost-at-restart.ts";

const storage = (value: string): string =>
  `appSettings: { WEBSITES_ENABLE_APP_SERVICE_STORAGE: "${value}" }\n`;
const volume = (sub: string, path: string, more = ""): string =>
  `volumeMounts: [{ volumeSubPath: ${sub}, containerMountPath: ${path}${more} }]`;
const HOME = volume("/home/data", "/data");

describe("SC023 storage-left-to-cli", () => {
  it("finds that it is not set, at what needs it", () => {
    expect(found(storageLeftToCli, containers({ main: HOME }, "appSettings: { A: b }"))).toEqual([
      expect.stringMatching(
        /^3:54 a volume of "main" is on \/home \(\/home\/data\), but WEBSITES_\w+ is not set/,
      ),
    ]);
  });

  it.each(["TRUE", "True", "1"])("finds %s", (value) => {
    expect(found(storageLeftToCli, containers({ main: HOME }, storage(value)))).toEqual([
      `4:53 WEBSITES_ENABLE_APP_SERVICE_STORAGE is "${value}": the Azure CLI takes anything but "true" for unset and writes false.`,
    ]);
  });

  it.each([
    ["true", containers({ main: HOME }, storage("true"))],
    ["false, which is another rule's", containers({ main: HOME }, storage("false"))],
    ["a site that does not use /home", containers({ main: volume("data", "/data") }, storage("TRUE"))],
    ["unknown app settings", containers({ main: HOME })],
  ])("says nothing of %s", (_, text) => {
    expect(found(storageLeftToCli, text)).toEqual([]);
  });
});

describe("SC024 home-without-storage", () => {
  it.each([
    [
      "a volume",
      containers({ main: HOME }, storage("false")),
      '3:54 a volume of "main" is on /home (/home/data)',
    ],
    [
      "a start-up command",
      containers({ main: "startUpCommand: sh /home/site/start.sh" }, storage("false")),
      "(/home/site/start.sh)",
    ],
    [
      "a resources path",
      containers(
        { d: "isMain: false" },
        `${storage("False")}daprSidecars: [{ container: d, resourcesPath: /home/components }]`,
      ),
      'daprd\'s resources path in "d"',
    ],
  ])("finds %s", (_, text, message) => {
    expect(found(homeWithoutStorage, text)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ["storage that is on", containers({ main: HOME }, storage("true"))],
    ["storage that is not told of", containers({ main: HOME })],
    ["the platform's log files", containers({ main: volume("/home/LogFiles", "/logs") }, storage("false"))],
    ["another home", containers({ main: "startUpCommand: /opt/home/x --dir=/srv/home" }, storage("false"))],
    ["a name that begins so", containers({ main: volume("/homepage", "/data") }, storage("false"))],
  ])("says nothing of %s", (_, text) => {
    expect(found(homeWithoutStorage, text)).toEqual([]);
  });
});

describe("SC025 volume-lost-at-restart", () => {
  it("notes a volume once, and warns of a database's data", () => {
    const text = containers({
      main: volume("shared", "/shared"),
      reader: volume("shared/in", "/in"),
      db: volume("/db", "/var/lib/mysql"),
    });
    expect(found(volumeLostAtRestart, text)).toEqual([
      expect.stringContaining('the volume "shared" at /shared of "main" is empty after every restart.'),
      expect.stringContaining('(warning) "db" keeps its data at /var/lib/mysql in the local volume "/db"'),
    ]);
  });

  it.each([
    ["the persistent share", HOME],
    ["what is meant to be gone", volume("sockets", "/run/app")],
    ["a cache", volume("nginx-cache", "/data")],
    ["a reader", volume("shared", "/in", ", readOnly: true")],
  ])("says nothing of %s", (_, properties) => {
    expect(found(volumeLostAtRestart, containers({ main: properties }))).toEqual([]);
  });
});

const twoVolumes = (a: string, b: string): string =>
  `volumeMounts: [{ volumeSubPath: a, containerMountPath: ${a} }, { volumeSubPath: b, containerMountPath: ${b} }]`;

describe("SC037 mount-path-twice", () => {
  it("finds two of a container, not of two", () => {
    expect(found(mountPathTwice, containers({ main: twoVolumes("/x", "/x/") }))).toEqual([
      expect.stringContaining('"main" has two volumes at /x.'),
    ]);
    expect(
      found(mountPathTwice, containers({ main: twoVolumes("/x", "/x/y"), side: twoVolumes("/x", "/z") })),
    ).toEqual([]);
  });
});
