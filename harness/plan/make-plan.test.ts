import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { SiteDefinition } from "../definition/site-definition.ts";
import type { ScheduleInput } from "../schedule/schedule.ts";
import { makePlan, type PlanOptions } from "./make-plan.ts";
import { trustFiles } from "./trust.ts";
import { OPTIONS, site } from "./test-support/small-definition.ts";

function environments(definition: SiteDefinition, options: PlanOptions = OPTIONS) {
  const [main, dapr] = makePlan(definition, options).containers;
  return { main: main?.environment ?? {}, dapr: dapr?.environment ?? {} };
}

describe("makePlan: environment", () => {
  it("prefers environmentVariables to app settings to the platform's own (A4.1)", () => {
    const name = fc.constantFrom(
      "HOME",
      "PORT",
      "WEBSITE_SITE_NAME",
      "IDENTITY_HEADER",
      "SSL_CERT_FILE",
      "OWN",
    );
    const references = fc.uniqueArray(fc.record({ name, value: fc.constantFrom("A", "B", "none") }), {
      selector: (reference) => reference.name,
    });
    const extra = fc.uniqueArray(fc.record({ name, value: fc.string() }), { selector: (one) => one.name });
    fc.assert(
      fc.property(references, extra, fc.boolean(), (environmentVariables, settings, inherits) => {
        const appSettings = [{ name: "A", value: "a" }, { name: "B", value: "" }, ...settings];
        const { main } = environments(
          site({
            appSettings,
            main: { environmentVariables, inheritAppSettingsAndConnectionStrings: inherits },
          }),
        );
        for (const { name: variable, value } of environmentVariables) {
          expect(main[variable]).toBe({ A: "a", B: "", none: "" }[value]);
        }
        const referenced = new Set(environmentVariables.map((reference) => reference.name));
        const plain = settings.filter((setting) => !referenced.has(setting.name));
        for (const setting of inherits ? plain : []) expect(main[setting.name]).toBe(setting.value);
        for (const setting of plain) {
          expect(main[`APPSETTING_${setting.name}`]).toBe(inherits ? setting.value : undefined);
        }
      }),
    );
  });

  it("gives PORT to main only, 80 without a target port (A2.5)", () => {
    const { main, dapr } = environments(site());
    expect(main["PORT"]).toBe("9000");
    expect(dapr).not.toHaveProperty("PORT");
    const { targetPort: _, ...bare } = site().siteContainers[0]?.properties ?? { image: "", isMain: true };
    const plan = makePlan(
      site({ siteContainers: [{ name: "main", properties: bare }], daprSidecars: [] }),
      OPTIONS,
    );
    expect(plan.containers[0]?.environment["PORT"]).toBe("80");
    expect(plan.mainPort).toBe(80);
  });

  it("lets an app setting PORT reach every container (A2.2)", () => {
    const { main, dapr } = environments(site({ appSettings: [{ name: "PORT", value: "5000" }] }));
    expect([main["PORT"], dapr["PORT"]]).toEqual(["5000", "5000"]);
  });

  it("drops app settings, platform and identity without inheritance, and keeps trust (A4.5)", () => {
    const { dapr } = environments(site({ dapr: { inheritAppSettingsAndConnectionStrings: false } }));
    expect(Object.keys(dapr).toSorted()).toEqual([
      "CURL_CA_BUNDLE",
      "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
      "NODE_EXTRA_CA_CERTS",
      "REQUESTS_CA_BUNDLE",
      "SSL_CERT_FILE",
    ]);
  });

  it("sets the identity's variables only where the site has one and it is served", () => {
    expect(environments(site()).dapr["IDENTITY_HEADER"]).toBe("header-of-the-run");
    const without = site({ identity: { type: "None" } });
    expect(environments(without).dapr).not.toHaveProperty("IDENTITY_HEADER");
    expect(makePlan(without, OPTIONS).identity).toBeNull();
    const plan = makePlan(site(), { ...OPTIONS, identity: null });
    expect(plan.containers[1]?.environment).not.toHaveProperty("IDENTITY_ENDPOINT");
    expect(plan.differences.map(({ what }) => what)).toContain(
      "the site's identity is not served and its variables are not set",
    );
  });
});

describe("makePlan: what the harness adds", () => {
  it("mounts trust into every container, and lists each file and variable of it as a difference", () => {
    const { differences, containers } = makePlan(site(), OPTIONS);
    const files = trustFiles({ certificateAuthorityPem: "CA", bundlePem: "BUNDLE" });
    expect(files.map(({ content }) => content)).toEqual(["CA", "BUNDLE"]);
    for (const { name, environment, mounts = [] } of containers) {
      const { path: directory, readOnly } = mounts.find(({ tree }) => tree === "trust") ?? {};
      expect(files.every(({ path }) => path.startsWith(`${directory}/`)) && readOnly).toBe(true);
      const own = differences.filter(({ subject }) => subject === name).map(({ what }) => what);
      expect(own).toEqual([
        ...files.map(({ path }) => `file ${path} added`),
        ...Object.entries(environment)
          .filter(([, value]) => value.startsWith("/etc/sitecar/trust/"))
          .map(([variable, value]) => `${variable}=${value}`),
      ]);
      expect(own).toHaveLength(7);
    }
  });

  it("does not override a trust variable that the site sets, and says so", () => {
    const plan = makePlan(site({ appSettings: [{ name: "SSL_CERT_FILE", value: "/own.pem" }] }), OPTIONS);
    expect(plan.containers[1]?.environment["SSL_CERT_FILE"]).toBe("/own.pem");
    expect(plan.differences).toContainEqual(
      expect.objectContaining({ subject: "dapr", what: "SSL_CERT_FILE left as the site sets it" }),
    );
  });

  it("adds nothing without trust", () => {
    const plan = makePlan(site(), { ...OPTIONS, trust: null });
    expect(plan.containers.flatMap(({ files }) => files)).toEqual([]);
    expect(
      plan.containers.flatMap(({ mounts = [] }) => mounts).filter(({ tree }) => tree === "trust"),
    ).toEqual([]);
    expect(plan.differences.map(({ subject }) => subject)).toEqual(["namespace"]);
  });

  it("places files and lists them", () => {
    const file = { path: "/components/blob.yaml", content: "x", mode: 0o644 };
    const plan = makePlan(site(), { ...OPTIONS, files: { dapr: [file] } });
    expect(plan.containers[1]?.files).toContainEqual(file);
    expect(plan.containers[0]?.files).not.toContainEqual(file);
    expect(plan.differences).toContainEqual(
      expect.objectContaining({
        subject: "dapr",
        what: "file /components/blob.yaml placed over the image's",
      }),
    );
  });

  it("puts an image in the place of a container's own, and lists it", () => {
    const plan = makePlan(site(), { ...OPTIONS, images: { main: "my/app:dev" } });
    expect(plan.containers.map(({ image }) => image)).toEqual(["my/app:dev", "shop/dapr:1"]);
    expect(plan.differences).toContainEqual(
      expect.objectContaining({ subject: "main", what: "image shop/main:1 replaced by my/app:dev" }),
    );
    const same = makePlan(site(), { ...OPTIONS, images: { main: "shop/main:1" } });
    expect(same.differences).toEqual(makePlan(site(), OPTIONS).differences);
  });

  it("refuses an image of a container that the site has not", () => {
    expect(() => makePlan(site(), { ...OPTIONS, images: { mian: "x" } })).toThrowError(
      /^CONTAINER_UNKNOWN: an image is given .*Did you mean "main"\?/,
    );
  });

  it("refuses files of a container that the site has not", () => {
    expect(() => makePlan(site(), { ...OPTIONS, files: { dapper: [] } })).toThrowError(
      /^CONTAINER_UNKNOWN: .*Did you mean "dapr"\?/,
    );
  });
});

describe("makePlan: what an instance has (A3.10)", () => {
  it("is the plan's size, all containers together", () => {
    const plan = makePlan(site({ serverFarm: { sku: { name: "b1" } } }), OPTIONS);
    expect(plan.resources).toEqual({ sku: "B1", cpus: 1, memoryBytes: 1.75 * 1024 ** 3 });
  });

  it("is without limits for a site without a plan", () => {
    expect(makePlan(site(), OPTIONS)).not.toHaveProperty("resources");
  });

  it("is what the caller says, whatever the plan is", () => {
    const resources = { cpus: 0.5, memoryBytes: 256 * 1024 ** 2 };
    const plan = makePlan(site({ serverFarm: { sku: { name: "B1" } } }), { ...OPTIONS, resources });
    expect(plan.resources).toEqual({ sku: "custom", ...resources });
  });

  it("is refused where there is no such plan", () => {
    expect(() => makePlan(site({ serverFarm: { sku: { name: "B9" } } }), OPTIONS)).toThrow(
      /PLAN_UNKNOWN.*"B9"/,
    );
  });

  it.each([
    [0, 2 ** 30],
    [-1, 2 ** 30],
    [Number.NaN, 2 ** 30],
    [1, 1024],
    [1, Number.POSITIVE_INFINITY],
  ])("is refused with %d cores and %d bytes", (cpus, memoryBytes) => {
    expect(() => makePlan(site(), { ...OPTIONS, resources: { cpus, memoryBytes } })).toThrow(/SPEC_INVALID/);
  });
});

describe("makePlan: the rest", () => {
  it("publishes main's, daprd's and the observed ports, each once", () => {
    expect(makePlan(site(), OPTIONS).publishedPorts).toEqual([9000, 3500, 50_001, 9090, 2222]);
  });

  it("splits a start-up command into words that replace entrypoint and command (A1.4)", () => {
    const [main, dapr] = makePlan(
      site({ main: { startUpCommand: `node --title "a b" /app/index.js` }, dapr: { startUpCommand: " " } }),
      OPTIONS,
    ).containers;
    expect(main).toMatchObject({ entrypoint: ["node", "--title", "a b", "/app/index.js"], command: [] });
    expect(dapr).not.toHaveProperty("entrypoint");
    expect(dapr).not.toHaveProperty("command");
  });

  it.each(["DOCKER|shop/main:1", "PYTHON|3.12"])(
    "refuses a site whose linuxFxVersion %j would ignore its containers (A1.11)",
    (linuxFxVersion) => {
      const definition = { ...site(), siteConfig: { linuxFxVersion } };
      expect(() => makePlan(definition, OPTIONS)).toThrowError(/^SPEC_INVALID: linuxFxVersion .*A1\.11/);
    },
  );

  it.each(["sitecontainers", "SiteContainers", ""])(
    "plans a site whose linuxFxVersion is %j",
    (linuxFxVersion) => {
      const definition = { ...site(), siteConfig: { linuxFxVersion } };
      expect(makePlan(definition, OPTIONS)).toEqual(makePlan(site(), OPTIONS));
    },
  );

  it("takes no port from WEBSITES_PORT (A1.13)", () => {
    const definition = site();
    const appSettings = [...definition.appSettings, { name: "WEBSITES_PORT", value: "8123" }];
    const plan = makePlan({ ...definition, appSettings }, OPTIONS);
    expect(plan.mainPort).toBe(makePlan(definition, OPTIONS).mainPort);
    expect(plan.publishedPorts).not.toContain(8123);
  });

  it("states that the platform's clock runs faster, and nothing where it does not", () => {
    expect(clockDifferences(10)).toMatchObject([{ what: expect.stringContaining("run 10 times faster") }]);
    expect(clockDifferences(1)).toEqual([]);
  });

  it("is the same plan for the same input", () => {
    expect(makePlan(site(), OPTIONS)).toEqual(makePlan(site(), OPTIONS));
  });

  it("survives being saved as JSON", () => {
    const plan = makePlan(site(), OPTIONS);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it("lets a schedule name storage where the site has an account, and only there", () => {
    expect(scheduled(site(), ["main", "storage"])).toEqual(["dapr", "main", "storage"]);
    expect(() => scheduled(site({ storageAccounts: [] }), ["storage"])).toThrowError(
      /^SCHEDULE_UNKNOWN_CONTAINER: /,
    );
  });

  it.each([0, 2])("refuses a site with %d main containers", (mains) => {
    const definition = site({ main: { isMain: mains > 0 }, dapr: { isMain: mains > 1 } });
    expect(() => makePlan(definition, OPTIONS)).toThrowError(/^SPEC_INVALID: .*main containers/);
  });

  it.each(["0", "65536", "http", "80.5"])("refuses the target port %j", (targetPort) => {
    expect(() => makePlan(site({ main: { targetPort } }), OPTIONS)).toThrowError(/^SPEC_INVALID: targetPort/);
  });
});

function scheduled(definition: SiteDefinition, schedule: ScheduleInput): string[] {
  return makePlan(definition, { ...OPTIONS, schedule }).schedule.starts.map(({ container }) => container);
}

function clockDifferences(platformClock: number) {
  const { differences } = makePlan(site(), { ...OPTIONS, settings: { platformClock } });
  return differences.filter(({ subject }) => subject === "platform");
}
