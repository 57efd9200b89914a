import { describe, expect, it } from "vitest";

import type { SitePlan } from "../plan/site-plan.ts";
import { maskEnvironment, savedPlan } from "./saved-plan.ts";

describe("maskEnvironment", () => {
  it.each([
    ["IDENTITY_HEADER", "853b"],
    ["MSI_SECRET", "853b"],
    ["APPSETTING_DB_PASSWORD", "x"],
    ["ApiKey", "x"],
    ["GITHUB_TOKEN", "x"],
    ["SQLCONNSTR_MAIN", "x"],
    ["STORAGE", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc=="],
    ["DATABASE_URL", "postgres://user:word@host/db"],
    ["BLOB_URL", "https://a.blob.core.windows.net/c?sp=r&sig=abc"],
  ])("masks %s", (name, value) => {
    expect(maskEnvironment({ [name]: value })).toEqual({ [name]: "(masked)" });
  });

  it.each([
    ["APPID", "main"],
    ["IDENTITY_ENDPOINT", "http://169.254.129.2:8081/msi/token"],
    ["SSL_CERT_FILE", "/etc/sitecar/trust/ca-bundle.pem"],
    ["WEBSITE_AUTH_ENABLED", "False"],
    ["API_KEY", ""],
  ])("shows %s=%s", (name, value) => {
    expect(maskEnvironment({ [name]: value })).toEqual({ [name]: value });
  });
});

describe("savedPlan", () => {
  it("holds neither the identity's header nor a file's content", () => {
    const plan = {
      site: "shop",
      identity: { header: "the-header", address: "169.254.129.2" },
      containers: [
        {
          name: "main",
          environment: { IDENTITY_HEADER: "the-header" },
          files: [{ path: "/etc/x", content: "the-content", mode: 0o644 }],
        },
      ],
    } as unknown as SitePlan;
    const saved = JSON.stringify(savedPlan(plan));
    expect(saved).not.toMatch(/the-header|the-content/);
    expect(JSON.parse(saved)).toMatchObject({
      site: "shop",
      identity: { header: "(masked)", address: "169.254.129.2" },
      containers: [{ files: [{ path: "/etc/x", mode: "0644", bytes: 11 }] }],
    });
  });
});
