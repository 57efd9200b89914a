import { describe, expect, it } from "vitest";

import { containers, found } from "../test-support/found.ts";
import { containerNameAsHost } from "./container-name-as-host.ts";
import { equalPorts } from "./equal-ports.ts";
import { inheritedPort } from "./inherited-port.ts";
import { mainPort } from "./main-port.ts";
import { portsOfPrograms } from "./ports-of-programs.ts";
import { websitesPort } from "./websites-port.ts";

const MAIN = "isMain: true, targetPort: 8080";

describe("SC006 equal-ports", () => {
  it("finds the second", () => {
    const text = containers({ main: MAIN, a: "targetPort: 81", b: "targetPort: 8080" });
    expect(found(equalPorts, text)).toEqual(['7:48 "b" has port 8080 of "main" (/site/sitecar.yaml:3:65).']);
  });

  it('finds "80" beside 80, and says that the CLI does not', () => {
    const text = containers({ main: 'isMain: true, targetPort: "80"', b: "targetPort: 80" });
    expect(found(equalPorts, text)).toEqual([
      expect.stringContaining("One is a text and one a number, which the Azure CLI takes for different."),
    ]);
    expect(found(equalPorts, text.replace("80 }", '"80" }'))).toEqual([
      expect.not.stringContaining("One is a text"),
    ]);
  });

  it("says nothing of different ports, and of containers without", () => {
    expect(
      found(
        equalPorts,
        containers({ main: MAIN, a: "targetPort: 81", b: "isMain: false", c: "isMain: false" }),
      ),
    ).toEqual([]);
  });
});

describe("SC007 ports-of-programs", () => {
  const daprd = "image: daprio/daprd:1.18.2";

  it.each([3500, 50_001, 9090])("finds main on daprd's %d", (port) => {
    expect(
      found(portsOfPrograms, containers({ main: `isMain: true, targetPort: ${port}`, dapr: daprd })),
    ).toEqual([expect.stringContaining(`"main" has port ${port}, which daprd's`)]);
  });

  it("finds the ports that a start-up command gives", () => {
    const command = 'startUpCommand: "./daprd --dapr-http-port=8080 --dapr-internal-grpc-port 8081"';
    expect(
      found(portsOfPrograms, containers({ main: MAIN, a: "targetPort: 8081", d: `${daprd}, ${command}` })),
    ).toEqual([
      expect.stringContaining('"main" has port 8080, which daprd\'s HTTP API in "d" takes.'),
      expect.stringContaining('"a" has port 8081, which daprd\'s internal gRPC in "d" takes.'),
    ]);
  });

  it("finds a declared sidecar's ports, whatever its image", () => {
    const text = containers(
      { main: "isMain: true, targetPort: 3501", d: "isMain: false" },
      "daprSidecars: [{ container: d, httpPort: 3501 }]",
    );
    expect(found(portsOfPrograms, text)).toEqual([
      expect.stringContaining("has port 3501, which daprd's HTTP API"),
    ]);
  });

  it("finds two sidecars with Dapr", () => {
    expect(found(portsOfPrograms, containers({ main: MAIN, a: daprd, b: daprd }))).toEqual([
      expect.stringContaining('daprd\'s HTTP API in "b" has port 3500 of daprd\'s HTTP API in "a".'),
      expect.stringContaining('daprd\'s gRPC API in "b" has port 50001'),
      expect.stringContaining('daprd\'s metrics in "b" has port 9090'),
    ]);
  });

  it("finds SSH's port", () => {
    expect(found(portsOfPrograms, containers({ main: MAIN, a: "targetPort: 2222" }))).toEqual([
      expect.stringContaining('(warning) "a" has port 2222, which is SSH\'s'),
    ]);
  });

  it.each([
    ["daprd's own targetPort", containers({ main: MAIN, d: `${daprd}, targetPort: 3500` })],
    ["3500 without daprd", containers({ main: "isMain: true, targetPort: 3500", a: "isMain: false" })],
    [
      "metrics that are off",
      containers({
        main: "isMain: true, targetPort: 9090",
        d: `${daprd}, startUpCommand: "daprd --enable-metrics=false"`,
      }),
    ],
    [
      "two that are told apart",
      containers({
        a: daprd,
        b: `${daprd}, startUpCommand: "./daprd --dapr-http-port 3600 --dapr-grpc-port 50002 --metrics-port 9091"`,
      }),
    ],
  ])("says nothing of %s", (_, text) => {
    expect(found(portsOfPrograms, text)).toEqual([]);
  });
});

describe("SC008 inherited-port", () => {
  it.each(["PORT", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_URLS", "port"])(
    "finds %s with a sidecar that inherits",
    (name) => {
      expect(
        found(
          inheritedPort,
          containers({ main: MAIN, api: "isMain: false" }, `appSettings:\n  ${name}: 8080\n`),
        ),
      ).toEqual([expect.stringContaining(`"${name}" reaches "api", too`)]);
    },
  );

  it.each([
    ["no sidecar", containers({ main: MAIN }, "appSettings: { PORT: 8080 }")],
    [
      "one that does not inherit",
      containers(
        { main: MAIN, a: "inheritAppSettingsAndConnectionStrings: false" },
        "appSettings: { PORT: 8080 }",
      ),
    ],
    [
      "one with a PORT of its own",
      containers(
        { main: MAIN, a: "environmentVariables: [{ name: PORT, value: A_PORT }]" },
        "appSettings: { PORT: 8080, A_PORT: 81 }",
      ),
    ],
    ["daprd", containers({ main: MAIN, d: "image: daprio/daprd:1" }, "appSettings: { PORT: 8080 }")],
    [
      "redis of any registry",
      containers(
        { main: MAIN, r: "image: example.azurecr.io/lib/redis:7@sha256:ab" },
        "appSettings: { PORT: 8080 }",
      ),
    ],
    ["another setting", containers({ main: MAIN, a: "isMain: false" }, "appSettings: { DB_PORT: 8080 }")],
  ])("says nothing with %s", (_, text) => {
    expect(found(inheritedPort, text)).toEqual([]);
  });
});

describe("SC009 websites-port", () => {
  it("says where requests go instead", () => {
    const settings = "appSettings: { WEBSITES_PORT: 8000 }";
    expect(found(websitesPort, containers({ main: MAIN }, settings))).toEqual([
      expect.stringContaining('WEBSITES_PORT says 8000, but requests go to "main"\'s targetPort 8080.'),
    ]);
    expect(found(websitesPort, containers({ main: "isMain: true" }, settings))).toEqual([
      expect.stringContaining("but requests go to 80, as no targetPort is set."),
    ]);
    expect(found(websitesPort, containers({ main: "isMain: true, targetPort: 8000" }, settings))).toEqual([
      expect.stringContaining("only the latter counts."),
    ]);
  });

  it.each([
    [
      "a classic site, where it counts",
      containers(
        { main: MAIN },
        "appSettings: { WEBSITES_PORT: 8000 }\nsiteConfig: { linuxFxVersion: DOCKER|x }",
      ),
    ],
    ["a file of app settings alone", "appSettings: { WEBSITES_PORT: 8000 }"],
  ])("says nothing of %s", (_, text) => {
    expect(found(websitesPort, text)).toEqual([]);
  });
});

describe("SC015 main-port", () => {
  it("finds another port of main", () => {
    expect(found(mainPort, containers({ main: "isMain: true, targetPort: 9000" }))).toEqual([
      expect.stringContaining('"main" listens on 9000; only 80 and 8080'),
    ]);
  });

  it.each([80, 8080])("says nothing of %d, and of sidecars", (port) => {
    expect(
      found(mainPort, containers({ main: `isMain: true, targetPort: ${port}`, a: "targetPort: 9000" })),
    ).toEqual([]);
  });
});

const withRedis = (settings: string): string =>
  containers({ main: MAIN, redis: "isMain: false" }, `appSettings: { ${settings} }`);

describe("SC038 container-name-as-host", () => {
  it.each([
    "CACHE: redis:6379",
    "URL: redis://redis:6379/0",
    "API: http://redis/x",
    "R: amqp://u:p@redis",
    "REDIS_HOST: redis",
    "C: Server=redis;Database=x",
  ])("finds %s", (setting) => {
    expect(found(containerNameAsHost, withRedis(setting.replace(/: (.*)$/, ": '$1'")))).toEqual([
      expect.stringContaining('speaks to a host called "redis"'),
    ]);
  });

  it.each([
    "CACHE: localhost:6379",
    "URL: redis://localhost:6379",
    "KIND: redis",
    "H: redis.example.net:6379",
    "I: shop/redis:7",
    "U: http://redis-master:80",
  ])("says nothing of %s", (setting) => {
    expect(found(containerNameAsHost, withRedis(setting.replace(/: (.*)$/, ": '$1'")))).toEqual([]);
  });
});
