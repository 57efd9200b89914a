import { expect } from "vitest";
import { inject } from "../../harness/faults/inject.ts";
import { storageAnswersSlowly } from "../../harness/faults/storage-answers-slowly.ts";
import { storageBandwidth } from "../../harness/faults/storage-bandwidth.ts";
import { storageCutOff } from "../../harness/faults/storage-cut-off.ts";
import { storageHangs } from "../../harness/faults/storage-hangs.ts";
import { storageNameNotResolved } from "../../harness/faults/storage-name-not-resolved.ts";
import { storageNeverEnds } from "../../harness/faults/storage-never-ends.ts";
import { storageRefused } from "../../harness/faults/storage-refused.ts";
import { storageReset } from "../../harness/faults/storage-reset.ts";
import { storageSlow } from "../../harness/faults/storage-slow.ts";
import { storageStatus } from "../../harness/faults/storage-status.ts";
import { storageUnreachable } from "../../harness/faults/storage-unreachable.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { smallSite } from "../support/small-site.ts";
import { untilHolds } from "../support/until-holds.ts";
import { ACCOUNT, askStorage, resolveName, STORAGE_CLIENT } from "./storage-client.ts";

const { definition, options } = smallSite(
  await exampleSite(),
  { main: STORAGE_CLIENT },
  { identity: { type: "SystemAssigned" }, storageAccounts: [{ name: ACCOUNT }] },
);
const test = siteTest(definition, { ...options, schedule: { storage: "never" }, until: "started" });

/** Where nothing comes whatever the time. */
const SHORT_MS = 1_500;
/** Above what a request takes here and a machine's bad moment, below every limit that a client has. */
const SEEN_MS = 6_000;
/** For what ends only when the fault is healed. */
const PATIENT_MS = 60_000;
const ADDRESS = "169.254.129.4";

test("every fault on the way to storage does what it says, and is gone when it is healed", async ({
  site,
}) => {
  // Before its start: the name is there, and nobody listens.
  expect(await resolveName(site)).toEqual([[ADDRESS], "ENODATA"]);
  expect(await askStorage(site)).toMatchObject({ status: null, error: "ECONNREFUSED" });
  expect(await (await site.blobs()).containers()).toEqual([]);
  await site.container("storage").start();
  expect(await askStorage(site, { path: "/box?restype=container", size: 0 })).toMatchObject({ status: 201 });
  const works = async (): Promise<void> => {
    expect(await askStorage(site)).toMatchObject({ status: 201, error: null });
    expect(await askStorage(site, { over: "kept" })).toMatchObject({ status: 201, error: null });
    // The same connection again: whatever is injected next meets one that exists. Storage ends one that was idle for seconds.
    await untilHolds(async () =>
      expect(await askStorage(site, { over: "kept" })).toMatchObject({ status: 201, reused: true }),
    );
  };
  await works();

  // Refused, for a connection that exists too; the harness's own reader goes another way.
  {
    await using _ = await inject(site, storageRefused());
    expect(await askStorage(site)).toMatchObject({ status: null, error: "ECONNREFUSED" });
    expect(await askStorage(site, { over: "kept" })).toMatchObject({ status: null, error: "ECONNREFUSED" });
    expect(await (await site.blobs()).blobs("box")).toMatchObject([{ name: "blob" }]);
    await expect(site.storage.fail({ kind: "hangs" })).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });
  }
  await works();

  // Unreachable: connecting hangs; a request over a connection that exists goes on when it is healed.
  {
    await using fault = await inject(site, storageUnreachable());
    const patient = askStorage(site, { over: "kept", path: "/box/patient", withinMs: PATIENT_MS });
    expect(await askStorage(site, { withinMs: SHORT_MS })).toMatchObject({
      connected: false,
      error: "TIMEOUT",
    });
    expect((await (await site.blobs()).blobs("box")).map(({ name }) => name)).toEqual(["blob"]);
    await fault.heal();
    expect(await patient).toMatchObject({ status: 201, reused: true, error: null });
  }
  await works();

  // Reset, for a connection that exists too.
  {
    await using _ = await inject(site, storageReset());
    expect(await askStorage(site, { over: "kept" })).toMatchObject({ reused: true, error: "ECONNRESET" });
    expect(await askStorage(site)).toMatchObject({ connected: true, status: null, error: "ECONNRESET" });
  }
  await works();

  // Accepts and never answers, and nothing that is sent arrives.
  {
    await using _ = await inject(site, storageHangs());
    const silent = { connected: true, status: null, error: "TIMEOUT" };
    // The one that exists first: to storage it is idle, and ends after seconds of that.
    expect(await askStorage(site, { withinMs: SHORT_MS, path: "/box/lost", over: "kept" })).toMatchObject({
      ...silent,
      reused: true,
    });
    expect(await askStorage(site, { withinMs: SEEN_MS, path: "/box/lost" })).toMatchObject(silent);
    expect((await (await site.blobs()).blobs("box")).map(({ name }) => name)).not.toContain("lost");
  }
  await works();

  // Slow: each round trip. A new connection has two (TLS 1.3, then HTTP), one that exists has one.
  {
    await using _ = await inject(site, storageSlow({ latencyMs: 400 }));
    expect((await askStorage(site, { over: "kept" })).ms).toBeGreaterThanOrEqual(400);
    expect((await askStorage(site)).ms).toBeGreaterThanOrEqual(800);
    // Another one beside it: they add up.
    await using beside = await inject(site, storageSlow({ latencyMs: 200 }));
    expect((await askStorage(site, { over: "kept" })).ms).toBeGreaterThanOrEqual(600);
    await beside.heal();
    expect((await askStorage(site, { over: "kept" })).ms).toBeGreaterThanOrEqual(400);
  }
  await works();

  // Bandwidth, in both directions.
  {
    await using _ = await inject(site, storageBandwidth({ kilobytesPerSecond: 100 }));
    const put = await askStorage(site, { path: "/box/large", size: 150_000 });
    expect(put.ms).toBeGreaterThanOrEqual(1_000);
    const got = await askStorage(site, { method: "GET", path: "/box/large" });
    expect(got).toMatchObject({ status: 200, bytes: 150_000, error: null });
    expect(got.ms).toBeGreaterThanOrEqual(1_000);
  }
  await works();

  // Names: with a connection that exists nobody asks for one.
  for (const [answer, seen, error] of [
    ["nxdomain", "ENOTFOUND", "ENOTFOUND"],
    ["servfail", "ESERVFAIL", "EAI_AGAIN"],
  ] as const) {
    await using _ = await inject(site, storageNameNotResolved({ answer }));
    expect(await resolveName(site)).toEqual([seen, seen]);
    expect(await askStorage(site)).toMatchObject({ status: null, error });
    expect(await askStorage(site, { over: "kept" })).toMatchObject({ status: 201, reused: true });
  }
  {
    await using _ = await inject(site, storageNameNotResolved({ answer: "none" }));
    expect(await resolveName(site)).toEqual(["ETIMEOUT", "ETIMEOUT"]);
  }
  await works();
});

test("every fault of storage's answers does what it says, and is gone when it is healed", async ({
  site,
}) => {
  await site.container("storage").start();
  expect(await askStorage(site, { path: "/box?restype=container", size: 0 })).toMatchObject({ status: 201 });
  const works = async (): Promise<void> => {
    expect(await askStorage(site)).toMatchObject({ status: 201, error: null });
    expect(await askStorage(site, { over: "kept" })).toMatchObject({ status: 201, error: null });
    await untilHolds(async () =>
      expect(await askStorage(site, { over: "kept" })).toMatchObject({ status: 201, reused: true }),
    );
  };
  await works();
  const direct = await askStorage(site, { method: "GET" });

  // The first two requests, the one over a connection that exists among them; then as ever, header for header.
  {
    const busy = { status: 503, first: 2, retryAfterSeconds: 7 };
    await using _ = await inject(site, storageStatus(busy));
    const refused = await askStorage(site, { over: "kept", path: "/box/refused" });
    expect(refused).toMatchObject({
      status: 503,
      error: null,
      headers: {
        "retry-after": "7",
        "x-ms-error-code": "ServerBusy",
        "x-ms-client-request-id": "client-1",
        "content-type": "application/xml",
      },
    });
    expect(refused.body).toMatch(
      /^\uFEFF<\?xml .*<Error><Code>ServerBusy<\/Code><Message>The server is busy\.\nRequestId:/s,
    );
    expect(await askStorage(site)).toMatchObject({ status: 503 });
    const third = await askStorage(site, { method: "GET" });
    expect(third).toMatchObject({ status: 200, body: "xxxx", error: null });
    expect(Object.keys(third.headers)).toEqual(Object.keys(direct.headers));
    expect((await (await site.blobs()).blobs("box")).map(({ name }) => name)).toEqual(["blob"]);
    // The agent tells of it in its own time.
    await untilEvent(site, "storage.request-failed", { nth: 2, withinMs: 30_000 });
    expect(
      site.timeline.of("storage.request-failed").map(({ method, path, what }) => `${method} ${path} ${what}`),
    ).toEqual(["PUT /box/refused answered 503 ServerBusy", "PUT /box/blob answered 503 ServerBusy"]);
  }
  await works();

  // One method only, two at a time: the first that fits holds.
  {
    await using _ = await inject(site, storageStatus({ status: 404, method: "GET" }));
    await using beside = await inject(site, storageStatus({ status: 403 }));
    expect(await askStorage(site, { method: "GET" })).toMatchObject({
      status: 404,
      headers: { "x-ms-error-code": "ContainerNotFound" },
    });
    expect(await askStorage(site)).toMatchObject({
      status: 403,
      headers: { "x-ms-error-code": "AuthorizationPermissionMismatch" },
    });
    await beside.heal();
    expect(await askStorage(site)).toMatchObject({ status: 201, error: null });
  }
  {
    await using _ = await inject(site, storageStatus({ status: 429, errorCode: "OperationTimedOut" }));
    expect(await askStorage(site)).toMatchObject({
      status: 429,
      headers: { "x-ms-error-code": "OperationTimedOut" },
    });
  }
  await works();

  {
    await using _ = await inject(site, storageAnswersSlowly({ delayMs: 700, first: 1 }));
    const slow = await askStorage(site, { path: "/box/slow" });
    expect(slow).toMatchObject({ status: 201, error: null });
    expect(slow.ms).toBeGreaterThanOrEqual(700);
  }
  await works();

  // What storage was asked for is done, and its client does not learn it.
  {
    await using fault = await inject(site, storageNeverEnds({ sent: "nothing" }));
    const lost = askStorage(site, { path: "/box/done", withinMs: PATIENT_MS });
    const seen = { status: null, connected: true, error: "TIMEOUT" };
    expect(await askStorage(site, { path: "/box/done-too", withinMs: SEEN_MS })).toMatchObject(seen);
    const names = (await (await site.blobs()).blobs("box")).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["done", "done-too"]));
    await fault.heal();
    expect(await lost).toMatchObject({ status: null, error: "ECONNRESET" });
  }
  {
    await using _ = await inject(site, storageNeverEnds());
    const half = { status: 200, bytes: 2, error: "TIMEOUT" };
    expect(await askStorage(site, { method: "GET", withinMs: SEEN_MS })).toMatchObject(half);
    // An answer without body has no half of it: its head does not end.
    expect(await askStorage(site, { withinMs: SEEN_MS })).toMatchObject({ status: null, error: "TIMEOUT" });
  }
  await works();
  for (const [sent, bytes] of [
    ["half", 2],
    ["head", 0],
  ] as const) {
    await using _ = await inject(site, storageCutOff({ sent, method: "GET" }));
    expect(await askStorage(site, { method: "GET" })).toMatchObject({
      status: 200,
      bytes,
      error: "ECONNRESET",
    });
  }
  await works();

  // The real end of storage closes the way; its data are gone with it.
  await site.container("storage").kill();
  expect(await askStorage(site)).toMatchObject({ status: null, error: "ECONNREFUSED" });
  await site.container("storage").start();
  expect(await askStorage(site, { path: "/box?restype=container", size: 0 })).toMatchObject({ status: 201 });
});
