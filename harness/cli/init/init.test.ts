import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSite } from "../../definition/load-site.ts";
import { init } from "../init.ts";

let directory: string;
let output: string[];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-init-"));
  output = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function put(name: string, content: unknown): Promise<void> {
  const file = path.join(directory, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
}

/** What the command writes, after looking that it loads. */
async function written(force = false): Promise<Readonly<Record<string, unknown>>> {
  const console = {
    result: (text: string) => void output.push(text),
    note: (text: string) => void output.push(text),
  };
  await init(directory, { force }, console);
  const file = path.join(directory, "sitecar.json");
  expect((await loadSite(file)).problems).toEqual([]);
  return JSON.parse(await readFile(file, "utf8"));
}

const SPEC = [
  { name: "web", properties: { image: "r.azurecr.io/shop/web:1", isMain: true, targetPort: "8080" } },
  { name: "dapr", properties: { image: "r.azurecr.io/shop/sidecar:1" } },
];
const BLOB = `apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: blob }
spec:
  type: bindings.azure.blobstorage
  version: v1
  metadata:
    - { name: accountName, value: shopstorage }
    - { name: containerName, value: c }
`;

describe("sitecar init", () => {
  it("uses spec, settings, components and Dockerfiles, by relative paths", async () => {
    await put("deploy/containers.json", SPEC);
    await put("deploy/settings.json", [{ name: "A", value: "1", slotSetting: false }]);
    await put("dapr/components/blob.yaml", BLOB);
    await put("web/Dockerfile", "FROM scratch\nCOPY app /app\nEXPOSE 8080\n");
    await put("web/app/index.js", "");
    await put(
      "sidecar/Dockerfile",
      "FROM x AS y\nFROM scratch\nCOPY --from=y /daprd /daprd\nCOPY dapr/components/ /etc/dapr/\n",
    );
    await put("package.json", { name: "shop" });
    expect(await written()).toEqual({
      name: expect.stringMatching(/^sitecar-init-/) as unknown,
      inputs: ["deploy/containers.json", "deploy/settings.json"],
      identity: { type: "SystemAssigned" },
      storageAccounts: [{ name: "shopstorage" }],
      builds: {
        "r.azurecr.io/shop/web:1": {
          context: "web",
          dockerfile: "Dockerfile",
          include: ["Dockerfile", "app"],
        },
        "r.azurecr.io/shop/sidecar:1": {
          context: ".",
          dockerfile: "sidecar/Dockerfile",
          include: ["sidecar/Dockerfile", "dapr/components/"],
        },
      },
      daprSidecars: [{ container: "dapr", resourcesPath: "/etc/dapr", componentFiles: ["dapr/components"] }],
    });
    expect(output.join("\n")).toContain('"dapr" runs daprd, with its components in /etc/dapr');
  });

  it("says what it could not see", async () => {
    await put("containers.json", SPEC);
    await put("components/blob.yaml", BLOB);
    expect(await written()).toMatchObject({
      daprSidecars: [{ container: "dapr", resourcesPath: "/root/.dapr/components" }],
    });
    const missing = output.find((text) => text.startsWith("still to fill in"));
    expect(missing).toContain("appSettings: none are among the files");
    expect(missing).toContain("look whether it is /root/.dapr/components");
    expect(missing).toContain("r.azurecr.io/shop/web:1 is pulled");
  });

  it("prefers a template to a Compose file, and takes its parameters", async () => {
    const schema = "https://schema.management.azure.com/schemas/2019-04-01";
    await put("main.json", {
      $schema: `${schema}/deploymentTemplate.json#`,
      contentVersion: "1.0.0.0",
      parameters: { image: { type: "string" } },
      resources: [
        { type: "Microsoft.Web/sites", apiVersion: "2024-04-01", name: "shop", properties: {} },
        {
          type: "Microsoft.Web/sites/sitecontainers",
          apiVersion: "2024-04-01",
          name: "shop/web",
          properties: { image: "[parameters('image')]", isMain: true },
        },
      ],
    });
    await put("main.parameters.json", {
      $schema: `${schema}/deploymentParameters.json#`,
      contentVersion: "1.0.0.0",
      parameters: { image: { value: "web:1" } },
    });
    await put("compose.yaml", "services: { web: { image: x } }\n");
    expect(await written()).toEqual({ inputs: ["main.json", "main.parameters.json"] });
    expect(output.join("\n")).toContain("compose.yaml is left out");
  });

  it("begins with Dockerfiles where there is nothing else", async () => {
    await put("Dockerfile", "FROM scratch\nCOPY . /app\nEXPOSE 3000/tcp\n");
    expect(await written()).toMatchObject({
      siteContainers: [{ properties: { isMain: true, targetPort: "3000" } }],
      builds: expect.objectContaining({}) as unknown,
    });
  });

  it("writes over a site file only with --force", async () => {
    await put("containers.json", SPEC);
    await put("sitecar.json", "{}");
    await expect(written()).rejects.toThrow(/^USAGE: .*sitecar\.json is there already\.[^]*--force/);
    expect(await readFile(path.join(directory, "sitecar.json"), "utf8")).toBe("{}");
    expect(await written(true)).toMatchObject({ inputs: ["containers.json"] });
  });

  it("refuses a directory that has nothing of a site, and one that is none", async () => {
    await put("tsconfig.json", { compilerOptions: {} });
    await put("prettier.json", { printWidth: 110 });
    await expect(written()).rejects.toThrow(/^USAGE: .*has nothing that names a site's containers/);
    const console = { result: () => undefined, note: () => undefined };
    await expect(init(path.join(directory, "nowhere"), { force: false }, console)).rejects.toThrow(
      /is no directory/,
    );
  });
});
