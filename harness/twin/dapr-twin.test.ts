import path from "node:path";

import { expect, test } from "vitest";
import type { TwinRequest } from "./answer.ts";
import { DaprTwin, type DaprTwinOptions } from "./dapr-twin.ts";
import { readResource, readResources } from "./read-resources.ts";

const EXAMPLE = path.join(import.meta.dirname, "../../fixtures/components");
const examples = await readResources([EXAMPLE]);

function twin(options: Partial<DaprTwinOptions> = {}): DaprTwin {
  return new DaprTwin({ files: examples, ...options });
}

function component(
  name: string,
  type: string,
  metadata: Readonly<Record<string, string>> = {},
  more = "",
): string {
  const entries = Object.entries(metadata).map(
    ([key, value]) => `    - { name: ${key}, value: ${JSON.stringify(value)} }\n`,
  );
  return `apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: ${type}\n  version: v1\n${more}${entries.length === 0 ? "" : `  metadata:\n${entries.join("")}`}`;
}

function twinOf(...texts: readonly string[]): DaprTwin {
  return twin({ files: texts.map((text, index) => readResource(`${index}.yaml`, Buffer.from(text))) });
}

function request(
  method: string,
  target: string,
  body: unknown = "",
  headers: Readonly<Record<string, string>> = {},
): TwinRequest {
  return {
    method,
    target,
    headers: new Map(Object.entries(headers)),
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

async function ask(asked: DaprTwin, ...parts: Parameters<typeof request>) {
  const answer = await asked.respond(request(...parts));
  if (answer === "refused") return answer;
  return { status: answer.status, body: Buffer.from(answer.body).toString("utf8") };
}

const HEALTH = "/v1.0/healthz";
const OUTBOUND = "/v1.0/healthz/outbound";

test.each([
  ["starting", "refused", "refused"],
  ["waiting-for-app", { status: 500, body: expect.stringContaining("[runtime]") }, { status: 204, body: "" }],
  ["up", { status: 204, body: "" }, { status: 204, body: "" }],
  [
    "blocking-shutdown",
    { status: 500, body: expect.stringContaining("[security-provider]") },
    { status: 204, body: "" },
  ],
  ["shutting-down", "refused", "refused"],
] as const)("%s: health and outbound health", async (phase, health, outbound) => {
  const asked = twin({ phase });
  expect(await ask(asked, "GET", HEALTH)).toEqual(health);
  expect(await ask(asked, "GET", OUTBOUND)).toEqual(outbound);
});

test("what a hung twin has taken is answered as soon as it goes on", async () => {
  const asked = twin({ phase: "hung" });
  const answers: unknown[] = [];
  const waiting = ask(asked, "GET", HEALTH).then((answer) => answers.push(answer));
  await ask(twin(), "GET", HEALTH);
  expect(answers).toEqual([]);
  asked.phase = "up";
  await waiting;
  expect(answers).toEqual([{ status: 204, body: "" }]);
});

test("shutdown is answered, and then nothing is", async () => {
  const asked = twin();
  expect(await ask(asked, "POST", "/v1.0/shutdown")).toEqual({ status: 204, body: "" });
  expect(asked.phase).toBe("shutting-down");
  expect(await ask(asked, "GET", HEALTH)).toBe("refused");
});

test("calls are remembered, refused ones too, and forgotten by a reset", async () => {
  const asked = twin();
  await ask(asked, "POST", "/v1.0/bindings/blob?a=b", {
    operation: "create",
    data: "x",
    metadata: { blobName: "a" },
  });
  asked.phase = "starting";
  await ask(asked, "GET", "/v1.0/metadata");
  expect(asked.calls).toMatchObject([
    {
      method: "POST",
      target: "/v1.0/bindings/blob?a=b",
      status: 200,
      body: expect.stringContaining('"blobName":"a"'),
    },
    { method: "GET", target: "/v1.0/metadata", status: null },
  ]);
  expect(asked.blobs("blob")).toHaveLength(1);
  asked.reset();
  expect(asked).toMatchObject({ calls: [], phase: "up" });
  expect(asked.blobs("blob")).toEqual([]);
});

test("two components with one container see the same blobs; time and names are the test's to give", async () => {
  const settings = { accountName: "shop", containerName: "box" };
  const asked = new DaprTwin({
    files: [
      readResource("a.yaml", Buffer.from(component("one", "bindings.azure.blobstorage", settings))),
      readResource("b.yaml", Buffer.from(component("other", "bindings.azure.blobstorage", settings))),
    ],
    now: () => new Date("2026-11-23T11:19:27.954Z"),
    uuid: () => "a-name",
  });
  await ask(asked, "POST", "/v1.0/bindings/one", { operation: "create", data: "x" });
  expect(asked.blobs("other")).toMatchObject([
    { name: "a-name", modifiedAt: new Date("2026-11-23T11:19:27.954Z") },
  ]);
  expect(() => asked.blobs("third")).toThrow(/BINDING_UNKNOWN[^]*known {3}one, other/);
});

test("a state is gone when its time is over", async () => {
  let now = new Date("2026-11-23T11:00:00Z");
  const asked = twin({
    files: [readResource("s.yaml", Buffer.from(component("store", "state.in-memory")))],
    now: () => now,
  });
  await ask(asked, "POST", "/v1.0/state/store", [{ key: "k", value: 1, metadata: { ttlInSeconds: "10" } }]);
  now = new Date("2026-11-23T11:00:10Z");
  expect(await ask(asked, "GET", "/v1.0/state/store/k")).toEqual({ status: 200, body: "1" });
  now = new Date("2026-11-23T11:00:10.001Z");
  expect(await ask(asked, "GET", "/v1.0/state/store/k")).toEqual({ status: 204, body: "" });
});

test("an etag that is the state's own lets it be changed", async () => {
  let etag = 0;
  const asked = twin({
    files: [readResource("s.yaml", Buffer.from(component("store", "state.in-memory")))],
    uuid: () => `etag-${++etag}`,
  });
  await ask(asked, "POST", "/v1.0/state/store", [{ key: "k", value: 1 }]);
  expect(await ask(asked, "POST", "/v1.0/state/store", [{ key: "k", value: 2, etag: "etag-1" }])).toEqual({
    status: 204,
    body: "",
  });
  expect(await ask(asked, "DELETE", "/v1.0/state/store/k", "", { "if-match": "etag-1" })).toMatchObject({
    status: 409,
  });
  expect(await ask(asked, "DELETE", "/v1.0/state/store/k", "", { "if-match": "etag-2" })).toEqual({
    status: 204,
    body: "",
  });
});

const BLOB = "/v1.0/bindings/blob";

test.each([
  ["service invocation", "GET", "/v1.0/invoke/shop/method/cart", ""],
  ["a signed URL", "POST", BLOB, { operation: "create", data: "x", metadata: { signTTL: "15m" } }],
  [
    "presign: a signed URL",
    "POST",
    BLOB,
    { operation: "presign", metadata: { blobName: "a", signTTL: "15m" } },
  ],
  ["files beside daprd", "POST", BLOB, { operation: "get", metadata: { blobName: "a", filePath: "/tmp/a" } }],
  [
    "files beside daprd",
    "POST",
    BLOB,
    { operation: "bulkGet", data: { prefix: "a", destinationDir: "/tmp" } },
  ],
  ["which storage refuses", "POST", BLOB, { operation: "create", data: "x", metadata: { "1st": "a" } }],
  ["two metadata keys", "POST", BLOB, { operation: "create", data: "x", metadata: { "a-b": "1", ab: "2" } }],
  ["blanks at the beginning", "POST", BLOB, { operation: "create", data: "x", metadata: { a: " b" } }],
  [
    "that is not the content's",
    "POST",
    BLOB,
    { operation: "create", data: "x", metadata: { contentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" } },
  ],
  ["which is not there", "POST", BLOB, { operation: "bulkDelete", data: { blobNames: ["a"] } }],
  ['the body "x"', "POST", "/v1.0/jobs/report", "x"],
  ['the header "baggage: a', "GET", "/v1.0/metadata", "", { baggage: "a" }],
  [
    'the header "tracestate: A"',
    "GET",
    "/v1.0/metadata",
    "",
    { tracestate: "A", traceparent: `00-${"1".repeat(32)}-${"1".repeat(16)}-00` },
  ],
] as const)(
  "not covered, and said so: %s",
  async (words, method, target, body, headers?: Readonly<Record<string, string>>) => {
    const asked = twin();
    const answer = await ask(asked, method, target, body, headers);
    expect(answer).toMatchObject({
      status: 501,
      body: expect.stringMatching(/"errorCode":"TWIN_NOT_COVERED"/),
    });
    expect(asked.refusals).toMatchObject([
      { code: "TWIN_NOT_COVERED", message: expect.stringContaining(words) },
    ]);
  },
);

test.each([
  ["binding", "bindings.kafka", "POST", "/v1.0/bindings/one", { operation: "create" }],
  ["pubsub", "pubsub.redis", "POST", "/v1.0/publish/one/topic", {}],
  ["state store", "state.redis", "GET", "/v1.0/state/one/k", ""],
  ["secret store", "secretstores.azure.keyvault", "GET", "/v1.0/secrets/one/k", ""],
  ["configuration", "configuration.redis", "GET", "/v1.0/configuration/one", ""],
  ["lock", "lock.redis", "POST", "/v1.0-alpha1/unlock/one", {}],
] as const)("a %s of a type that the twin can't be is named", async (_, type, method, target, body) => {
  const asked = twinOf(component("one", type));
  expect(asked.components.beyond).toMatchObject([{ name: "one" }]);
  expect(await ask(asked, method, target, body)).toMatchObject({
    status: 501,
    body: expect.stringContaining(type),
  });
  // The Dapr clients ask for the metadata before anything else.
  expect(await ask(asked, "GET", "/v1.0/metadata")).toMatchObject({
    status: 200,
    body: expect.stringContaining(type),
  });
});

test.each([
  [
    "no account",
    component("blob", "bindings.azure.blobstorage", { containerName: "box" }),
    "missing or empty accountName",
  ],
  [
    "no container",
    component("blob", "bindings.azure.blobstorage", { storageAccount: "shop" }),
    "missing or empty containerName",
  ],
  ["a schedule that is none", component("batch", "bindings.cron", { schedule: "often" }), "often"],
  ["no secrets file", component("s", "secretstores.local.file"), "missing local secrets file"],
  [
    "a secrets file that is not there",
    component("s", "secretstores.local.file", { secretsFile: "/no/such" }),
    "no such file",
  ],
])("daprd would not start: %s", (_, text, why) => {
  expect(() => twinOf(text)).toThrow(new RegExp(`TWIN_NOT_STARTED[^]*${why}[^]*0\\.yaml`));
});

test("a component that fails and may fail is as if it were not there", async () => {
  const failing = component(
    "blob",
    "bindings.azure.blobstorage",
    { containerName: "box" },
    "  ignoreErrors: true\n",
  );
  const asked = twinOf(failing);
  expect(asked.components.all).toEqual([]);
  expect(await ask(asked, "POST", BLOB, { operation: "create" })).toMatchObject({
    body: expect.stringContaining("couldn't find output binding blob"),
  });
});

test.each([
  [{ connectionString: "x", containerName: "box" }, "connectionString"],
  [{ accountName: "shop", containerName: "box", azureEnvironment: "AzureChinaCloud" }, "azureEnvironment"],
])("a blob component with %j is not covered", (metadata, words) => {
  expect(() => twinOf(component("blob", "bindings.azure.blobstorage", metadata))).toThrow(
    new RegExp(`TWIN_NOT_COVERED.*${words}`),
  );
});

test("a version that was not measured is not covered", () => {
  expect(() => twin({ version: "1.2.3" })).toThrow(
    /TWIN_NOT_COVERED: the twin does not cover daprd 1\.2\.3\.[^]*1\.18\.2/,
  );
});

test("resources that are not there are an error with the path", async () => {
  await expect(readResources(["/no/such/folder"])).rejects.toMatchObject({ code: "FILE_NOT_READABLE" });
});
