import { describe, expect, test } from "vitest";
import { readSettings } from "./settings.ts";

describe("readSettings", () => {
  test("has a default for everything", () => {
    expect(readSettings({})).toEqual({
      port: 9000,
      sendOnStart: false,
      dapr: { host: "127.0.0.1", port: 3500, protocol: "http" },
    });
  });

  test("takes each value from its variable", () => {
    const environment = {
      APPPORT: "9100",
      SEND_ON_START: "true",
      DAPR_CLIENT_HOST: "sidecar",
      DAPR_CLIENT_PORT: "4500",
      DAPR_CLIENT_PROTOCOL: "grpc",
    };
    expect(readSettings(environment)).toEqual({
      port: 9100,
      sendOnStart: true,
      dapr: { host: "sidecar", port: 4500, protocol: "grpc" },
    });
  });

  test("the port's default follows the protocol", () => {
    expect(readSettings({ DAPR_CLIENT_PROTOCOL: "grpc" }).dapr.port).toBe(50_001);
  });

  test("an empty variable counts as absent", () => {
    const names = [
      "APPPORT",
      "SEND_ON_START",
      "DAPR_CLIENT_HOST",
      "DAPR_CLIENT_PORT",
      "DAPR_CLIENT_PROTOCOL",
    ];
    expect(readSettings(Object.fromEntries(names.map((name) => [name, ""])))).toEqual(readSettings({}));
  });

  test("PORT is not read: App Service sidecars inherit it too", () => {
    expect(readSettings({ PORT: "80" }).port).toBe(9000);
  });

  test.each([
    ["APPPORT", "0"],
    ["APPPORT", "65536"],
    ["APPPORT", "9000x"],
    ["DAPR_CLIENT_PORT", "-1"],
    ["DAPR_CLIENT_PROTOCOL", "https"],
    ["SEND_ON_START", "yes"],
  ])("%s=%s is refused with the name and the value", (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(`${name} is "${value}"; allowed:`);
  });
});
