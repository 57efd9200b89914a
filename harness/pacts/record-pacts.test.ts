import { describe, expect, it } from "vitest";
import type { PactFile } from "./pact-file.ts";
import { parsePact } from "./read-pact.ts";
import { recordPacts } from "./record-pacts.ts";
import { createBlob, exampleRecording, metadata, options, tick } from "./test-support/example-exchanges.ts";
import { pactFileName, pactText } from "./write-pacts.ts";

const named = ({ interactions }: PactFile, description: string) => {
  const found = interactions.find((one) => one.description.startsWith(description));
  if (found === undefined)
    throw new Error(`no ${description} in ${interactions.map((one) => one.description).join("; ")}`);
  return found;
};

const keys = ({ interactions }: PactFile) => interactions.map(({ key }) => key);

describe("recordPacts", () => {
  it("makes a contract for each direction, named as Pact names it", () => {
    const { toMain, toSidecar, leftOut } = recordPacts(exampleRecording());
    expect([pactFileName(toMain), pactFileName(toSidecar)]).toEqual(["dapr-main.json", "main-dapr.json"]);
    expect(toMain.interactions.map(({ description }) => description)).toEqual([
      "daprd asks for the app's Dapr configuration: 404",
      'daprd asks whether the app takes the binding "batch": 200',
      'a tick of the cron binding "batch": 200',
    ]);
    expect(toSidecar.interactions.map(({ description }) => description)).toEqual([
      "main asks for the sidecar's metadata: 200",
      'main asks the binding "blob" for create: 200',
    ]);
    expect(leftOut).toEqual([]);
    expect(toMain.metadata.sitecar).toEqual({
      site: "example",
      main: "main",
      sidecar: "dapr",
      daprd: "1.18.2",
      appId: "main",
      appPort: 9000,
      daprPort: 3500,
    });
  });

  it("states exactly what stays, and by rules what varies", () => {
    const { toMain, toSidecar } = recordPacts(exampleRecording());
    const { request, response } = named(toMain, "a tick");
    expect(request).toMatchObject({ method: "POST", path: "/.internal/batch", body: { content: "" } });
    expect(Object.keys(request.headers ?? {})).toEqual([
      "Host",
      "User-Agent",
      "Content-Type",
      "Readtimeutc",
      "Timezone",
      "Traceparent",
      "Accept-Encoding",
    ]);
    expect(Object.keys(request.matchingRules?.header ?? {})).toEqual([
      "Host",
      "User-Agent",
      "Readtimeutc",
      "Timezone",
      "Traceparent",
    ]);
    expect(response).toMatchObject({
      status: 200,
      matchingRules: {
        body: {
          $: {
            matchers: [
              {
                regex: String.raw`^(?:batch of \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}) done)$`,
              },
            ],
          },
        },
      },
    });
    expect(Object.keys(response.headers ?? {})).toEqual(["content-type"]);
    const blob = named(toSidecar, "main asks the binding");
    expect(Object.keys(blob.request.matchingRules?.body ?? {})).toEqual(["$.data", "$.metadata.blobName"]);
    expect(Object.keys(blob.response.matchingRules?.body ?? {})).toEqual(["$.blobURL", "$.blobName"]);
  });

  it("takes of an OPTIONS' answer what daprd looks at, its status", () => {
    const { response } = named(recordPacts(exampleRecording()).toMain, "daprd asks whether");
    expect(response.headers).toBeUndefined();
    expect(response.matchingRules?.status?.[""]?.matchers).toEqual([
      { match: "statusCode", status: expect.arrayContaining([200, 204, 405]) },
    ]);
  });

  it("states components in any order, versions and processes by their kind", () => {
    const rules = named(recordPacts(exampleRecording()).toSidecar, "main asks for the sidecar's").response
      .matchingRules;
    expect(rules?.body?.["$.components"]?.matchers[0]).toMatchObject({
      match: "arrayContains",
      variants: { length: 2 },
    });
    expect(Object.keys(rules?.body ?? {})).toEqual(["$.runtimeVersion", "$.enabledFeatures", "$.components"]);
  });

  it("says how often, and in answer to what", () => {
    const { toMain, toSidecar } = recordPacts(exampleRecording());
    const notes = (pact: PactFile, description: string) => named(pact, description).comments.sitecar;
    const { key } = named(toMain, "a tick");
    expect(notes(toMain, "a tick")).toEqual({
      occurs: "repeatedly",
      tick: { binding: "batch", schedule: "@every 10s" },
    });
    expect(notes(toMain, "daprd asks for")).toEqual({ occurs: "once" });
    expect(notes(toSidecar, "main asks the binding")).toEqual({
      occurs: "repeatedly",
      during: { key, times: 1 },
    });
    expect(notes(toSidecar, "main asks for")).toEqual({ occurs: "once", during: { key } });
  });

  it("leaves out what was not seen whole, and says why", () => {
    const cut = { ...tick({ startMs: 31_000 }), end: { how: "closed", by: "from" } } as const;
    const { response: _, ...unanswered } = { ...cut, times: { startMs: 31_000 } };
    const long = createBlob({ startMs: 1 });
    const truncated = {
      ...long,
      request: { ...long.request, body: { ...long.request.body, truncated: true } },
    };
    const grpc = { ...createBlob({ startMs: 2 }), protocol: "grpc" } as const;
    // A call made inside the tick that was cut off tells nothing about whole ticks.
    const inside = createBlob({ startMs: 31_005 });
    const { toSidecar, leftOut } = recordPacts(exampleRecording([unanswered, truncated, grpc, inside]));
    expect(leftOut.map(({ why }) => why)).toEqual([
      "it was not answered (closed)",
      "its request's body is longer than the tap keeps",
      "gRPC is no HTTP interaction of Pact's",
    ]);
    expect(named(toSidecar, "main asks the binding").comments.sitecar.during?.times).toBe(1);
  });

  it("leaves alone what others say to each other", () => {
    const platforms = metadata({ startMs: 5 });
    const { toSidecar } = recordPacts(
      exampleRecording([{ ...platforms, from: { ...platforms.from, container: "platform" } }]),
    );
    expect(named(toSidecar, "main asks for").comments.sitecar.occurs).toBe("once");
  });

  it("holds nobody to the rarer of two answers to one request", () => {
    const { toMain } = recordPacts(
      exampleRecording([tick({ startMs: 31_000, response: { status: 500, body: "no" } })]),
    );
    expect(toMain.interactions.map(({ description, pending }) => [description, pending])).toContainEqual([
      'a tick of the cron binding "batch": 500',
      true,
    ]);
    expect(named(toMain, 'a tick of the cron binding "batch": 200').pending).toBe(false);
  });

  it("keeps an interaction's key over recordings", () => {
    const other = exampleRecording([tick({ startMs: 91_000 }), options({ startMs: 9 })]);
    expect(keys(recordPacts(other).toMain)).toEqual(keys(recordPacts(exampleRecording()).toMain));
  });

  it("writes what it reads", () => {
    const { toMain, toSidecar } = recordPacts(exampleRecording());
    expect(parsePact(pactText(toMain), "a.json")).toEqual({ ...toMain, direction: "sidecar-to-main" });
    expect(parsePact(pactText(toSidecar), "b.json")).toEqual({ ...toSidecar, direction: "main-to-sidecar" });
  });
});
