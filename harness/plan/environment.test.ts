import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  appSettingsEnvironment,
  identityEnvironment,
  linuxName,
  platformEnvironment,
  referencedEnvironment,
} from "./environment.ts";

describe("linuxName (A4.3)", () => {
  it.each([
    ["ConnectionStrings:Main", "ConnectionStrings__Main"],
    ["Logging.Level", "Logging_Level"],
    ["a-b c/d$é", "abcd"],
    ["A1_b", "A1_b"],
    ["%-%", ""],
  ])("of %j is %j", (name, expected) => {
    expect(linuxName(name)).toBe(expected);
  });

  it("holds only letters, digits and underscores, and is its own Linux name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(linuxName(name)).toMatch(/^[A-Za-z0-9_]*$/);
        expect(linuxName(linuxName(name))).toBe(linuxName(name));
      }),
    );
  });
});

describe("appSettingsEnvironment (A4.2)", () => {
  it("passes every setting twice, with one value, and nothing else", () => {
    const setting = fc.record({ name: fc.string(), value: fc.string() });
    fc.assert(
      fc.property(fc.array(setting), (settings) => {
        const environment = appSettingsEnvironment(settings);
        const names = new Set(settings.map(({ name }) => linuxName(name)).filter((name) => name !== ""));
        expect(Object.keys(environment).toSorted()).toEqual(
          [...new Set([...names].flatMap((name) => [name, `APPSETTING_${name}`]))].toSorted(),
        );
        for (const name of names) {
          const last = settings.findLast((candidate) => linuxName(candidate.name) === name);
          expect(environment[`APPSETTING_${name}`]).toBe(last?.value);
        }
      }),
    );
  });
});

describe("referencedEnvironment (A1.8)", () => {
  const settings = [
    { name: "DB:URL", value: "postgres://" },
    { name: "EMPTY", value: "" },
  ];

  it("resolves a value as the NAME of an app setting", () => {
    expect(referencedEnvironment([{ name: "DATABASE", value: "DB:URL" }], settings)).toEqual({
      DATABASE: "postgres://",
    });
  });

  it("makes a literal empty, as the platform does (A1.12)", () => {
    expect(referencedEnvironment([{ name: "PORT", value: "3500" }], settings)).toEqual({ PORT: "" });
  });

  it("does not take an object's own members for app settings", () => {
    expect(referencedEnvironment([{ name: "X", value: "constructor" }], settings)).toEqual({ X: "" });
  });
});

describe("what the platform injects (A4.4)", () => {
  it("names the site and the instance", () => {
    const environment = platformEnvironment("shop", "ab".repeat(32));
    expect(environment).toMatchObject({
      WEBSITE_SITE_NAME: "shop",
      WEBSITE_HOSTNAME: "shop.azurewebsites.net",
      WEBSITE_INSTANCE_ID: "ab".repeat(32),
      COMPUTERNAME: "localabababab",
      HOME: "/home",
    });
  });

  it("gives the identity's endpoint and header under both pairs of names (A6.1)", () => {
    const identity = {
      address: "169.254.129.2",
      port: 8081,
      header: "the-header",
    };
    expect(identityEnvironment(identity)).toEqual({
      IDENTITY_ENDPOINT: "http://169.254.129.2:8081/msi/token",
      IDENTITY_HEADER: "the-header",
      MSI_ENDPOINT: "http://169.254.129.2:8081/msi/token",
      MSI_SECRET: "the-header",
    });
  });
});
