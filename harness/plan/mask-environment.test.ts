import { describe, expect, it } from "vitest";

import { maskEnvironment } from "./mask-environment.ts";

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
