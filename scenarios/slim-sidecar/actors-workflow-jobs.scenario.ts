import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Dapr } from "@dapr/dapr/proto/dapr/proto/runtime/v1/dapr_pb.js";
import { expect } from "vitest";
import { Deadline } from "../../harness/shared/clock.ts";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { grpcCalls, httpCalls } from "./calls.ts";

/** daprd refuses at once; with a placement or scheduler address that nobody answers, calls hang more than 6 s (daprd.md §7). */
const AT_ONCE_MS = 5_000;

// No call changes anything, so that all can ask the same sidecar.
const test = siteTest("fixtures/sites/example").extend(
  "shared",
  { scope: "file" },
  async ({ definition, host }, { onCleanup }) => {
    const site = await startSite(definition, { host });
    onCleanup(() => site[Symbol.asyncDispose]());
    return site;
  },
);

test("without placement and scheduler the sidecar is healthy, its bindings are active, and actors are off", async ({
  shared,
}) => {
  const dapr = shared.dapr();
  expect(await dapr.health()).toMatchObject({ status: 204 });
  expect((await dapr.metadata()).actorRuntime).toMatchObject({ runtimeStatus: "DISABLED" });
});

test.for(httpCalls)(
  "HTTP $method $path → $refusal.status $refusal.errorCode",
  async ({ method, path, body, refusal: { status, errorCode, message } }, { shared }) => {
    const answer = await fetch(`http://127.0.0.1:${shared.publishedPort(3500)}${path}`, {
      method,
      signal: Deadline.in(AT_ONCE_MS).signal(),
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status,
      body: { errorCode, message },
    });
  },
);

test.for(grpcCalls)(
  "gRPC $name → $refusal.grpcCode: $refusal.message",
  async ({ call, refusal: { grpcCode, errorCode, message } }, { shared }) => {
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${shared.publishedPort(50_001)}` });
    const answer = await call(createClient(Dapr, transport), {
      signal: Deadline.in(AT_ONCE_MS).signal(),
    }).then(
      (value) => expect.fail(`answered ${JSON.stringify(value)}`),
      (error: unknown) => ConnectError.from(error),
    );
    expect({
      code: Code[answer.code],
      message: answer.rawMessage,
      // Placement's refusal carries no ErrorInfo over gRPC.
      reasons: reasons(answer),
    }).toEqual({ code: grpcCode, message, reasons: grpcCode === "Internal" ? [errorCode] : [] });
  },
);

/** `reason` of each google.rpc.ErrorInfo, which is its first field: tag, length, text. */
function reasons({ details }: ConnectError): readonly string[] {
  return details.flatMap((detail) => {
    if (!("type" in detail) || detail.type !== "google.rpc.ErrorInfo") return [];
    return [Buffer.from(detail.value.subarray(2, 2 + (detail.value[1] ?? 0))).toString("utf8")];
  });
}
