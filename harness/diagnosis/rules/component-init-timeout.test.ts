import { STOP_MS, blob, daprd, exited, runRecord, type RecordParts } from "../test-support/record.ts";
import { broken, showRule } from "../test-support/cases.ts";
import { componentInitTimeout } from "./component-init-timeout.ts";
import { describe, expect, it } from "vitest";
import { diagnose } from "../diagnose.ts";

const FATAL = "Fatal error from runtime: ";

const INIT = `${FATAL}process component blob error: [INIT_COMPONENT_FAILURE]: initialization error occurred for blob (bindings.azure.blobstorage/v1): `;

const TIMEOUT = `${INIT}failed to create Azure Storage container container1: context deadline exceeded\ninit timeout for component blob (bindings.azure.blobstorage/v1)`;

const KEY = { kind: "component-key", container: "dapr", component: "blob" };

const AGAIN = [
  { ...KEY, key: "spec.ignoreErrors", value: "true" },
  { kind: "daprd-flag", container: "dapr", flag: "hot-reload-reconcile-interval", value: "5s" },
];

const LONGER = [{ ...KEY, key: "spec.initTimeout", value: "30s" }];

/** daprd ended at its init with this message. */
function fatal(message: string, parts: RecordParts = {}, tMs = 6200): RecordParts {
  return {
    ...parts,
    without: (event) =>
      event.type === "tick" ||
      event.type === "component.loaded" ||
      (event.type === "container.exited" && event.container === "dapr") ||
      parts.without?.(event) === true,
    events: [exited(tMs + 30, "dapr", 1), ...(parts.events ?? [])],
    lines: [daprd(tMs, "fatal", message), ...(parts.lines ?? [])],
  };
}

const AT_STOP: RecordParts = { lines: [daprd(STOP_MS + 100, "fatal", `${FATAL}something at the stop`)] };

const noToken: NonNullable<RecordParts["without"]> = ({ type }) => type === "identity.requested";

showRule(componentInitTimeout, {
  contract: "componentsLoaded",
  symptom: 'component "blob" not loaded',
  bad: fatal(TIMEOUT, {
    plan: { schedule: { starts: [{ container: "storage", atMs: 8000 }] } },
    events: [[9000, { type: "container.started", container: "storage", plannedMs: 8000, latenessMs: 3 }]],
  }),
  cause:
    /"blob" was not initialised in time, and daprd ended 5\.1 s after its container's start, because storage was started 7\.9 s after/,
  quotes: /init timeout for component blob[^]*container=storage/,
  tries: AGAIN,
  near: {
    "of an end for another reason": fatal(`${FATAL}failed to listen`),
    "of an end at the stop": AT_STOP,
  },
});

const causeOf = (parts: RecordParts) =>
  diagnose(runRecord(fatal(TIMEOUT, parts)), broken("nothingExits", 'container "dapr" exits (1)'))[0];

const fault = (name: string, what: string) =>
  [1050, { type: "fault.injected", id: 1, fault: { fault: name, delayMs: 8000 }, what }] as const;

describe("component-init-timeout tells hidden causes apart", () => {
  it.each<[string, RecordParts, RegExp, unknown]>([
    [
      "a name that nothing has",
      { components: { "blob.yaml": blob({ accountName: "other" }) } },
      /nothing has the name other\.blob\.core/,
      [{ ...KEY, key: "metadata.accountName", value: "shopstorage" }],
    ],
    [
      "a slow identity",
      { events: [fault("identity-slow", "the identity answers after 8 s")], without: noToken },
      /because the identity answers after 8 s/,
      LONGER,
    ],
    [
      "a storage that refuses",
      { events: [fault("storage-refused", "storage refuses connections")] },
      /because storage refuses connections/,
      AGAIN,
    ],
    [
      "an identity that fails",
      {
        without: noToken,
        events: [
          [
            2000,
            {
              type: "identity.requested",
              status: 500,
              resource: "r",
              apiVersion: "v",
              headerMatched: true,
              path: "/msi/token",
              userAgent: "azsdk-go-azidentity/v1.7.0",
              parameters: {},
            },
          ],
        ],
      },
      /because the identity answered 500/,
      LONGER,
    ],
    [
      "an identity that is silent",
      { without: noToken },
      /because the identity gave no token in that time/,
      LONGER,
    ],
    [
      "a site without identity",
      { without: noToken, plan: { identity: null } },
      /because the site has no managed identity/,
      undefined,
    ],
    [
      "an authority that is not trusted",
      {
        containers: {
          dapr: { environment: { IDENTITY_ENDPOINT: "x", IDENTITY_HEADER: "x", SSL_CERT_FILE: "/own.pem" } },
        },
      },
      /because daprd trusts the authorities in \/own\.pem alone/,
      LONGER,
    ],
    ["nothing that was seen", {}, /what it waited for, nothing that was seen tells/, LONGER],
  ])("%s", (_, parts, cause, tries) => {
    const diagnosis = causeOf(parts);
    expect(diagnosis?.cause).toMatch(cause);
    expect(diagnosis?.remedies.find(({ changes }) => changes !== undefined)?.changes).toEqual(tries);
  });

  it("asks no identity about a component with a key", () => {
    const components = { "blob.yaml": blob({ accountKey: "(masked)" }) };
    expect(causeOf({ without: noToken, components })?.cause).toMatch(/nothing that was seen tells/);
  });

  it("waits long enough for a slow fault that ends", () => {
    const healed = [
      41_100,
      { type: "fault.healed", id: 1, fault: { fault: "identity-slow" }, what: "" },
    ] as const;
    const diagnosis = causeOf({ events: [fault("identity-slow", "slow"), healed], without: noToken });
    expect(diagnosis?.remedies[0]?.text).toContain("initTimeout: 50s");
  });
});
