import { expect, test } from "vitest";
import type { StorageFailure } from "../platform/storage-failure.ts";
import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import type { FaultTarget } from "./fault-target.ts";
import { storageAnswersSlowly } from "./storage-answers-slowly.ts";
import { storageBandwidth } from "./storage-bandwidth.ts";
import { storageCutOff } from "./storage-cut-off.ts";
import { STORAGE_FAULTS } from "./storage-faults.ts";
import { storageHangs } from "./storage-hangs.ts";
import { storageNameNotResolved } from "./storage-name-not-resolved.ts";
import { storageNeverEnds } from "./storage-never-ends.ts";
import { storageRefused } from "./storage-refused.ts";
import { storageReset } from "./storage-reset.ts";
import { storageSlow } from "./storage-slow.ts";
import { storageStatus } from "./storage-status.ts";
import { storageUnreachable } from "./storage-unreachable.ts";

const CASES: readonly (readonly [FaultData, StorageFailure, string])[] = [
  [storageRefused(), { kind: "refused" }, "storage refuses connections"],
  [storageUnreachable(), { kind: "unreachable" }, "packets to storage go nowhere"],
  [storageHangs(), { kind: "hangs" }, "storage accepts connections and never answers"],
  [storageReset(), { kind: "reset" }, "storage resets connections"],
  [storageReset({ afterMs: 70 }), { kind: "reset", afterMs: 70 }, "storage resets connections after 70 ms"],
  [storageSlow({ latencyMs: 400 }), { kind: "slow", latencyMs: 400 }, "storage is 400 ms away"],
  [
    storageSlow({ latencyMs: 400.4, jitterMs: 50 }),
    { kind: "slow", latencyMs: 400, jitterMs: 50 },
    "storage is 400.4 ms away, give or take 50 ms",
  ],
  [
    storageBandwidth({ kilobytesPerSecond: 64 }),
    { kind: "bandwidth", kilobytesPerSecond: 64 },
    "storage takes and gives 64 kB/s per connection",
  ],
  [storageStatus({ status: 403 }), { kind: "status", status: 403 }, "storage answers 403"],
  [
    storageStatus({ status: 503, first: 3, retryAfterSeconds: 2 }),
    { kind: "status", status: 503, first: 3, retryAfterSeconds: 2 },
    "storage answers 503 to the first 3 requests, retry after 2 s",
  ],
  [
    storageStatus({ status: 404, errorCode: "BlobNotFound", first: 1, method: "GET" }),
    { kind: "status", status: 404, errorCode: "BlobNotFound", first: 1, method: "GET" },
    "storage answers 404 BlobNotFound to the first 1 GET request",
  ],
  [
    storageAnswersSlowly({ delayMs: 900, method: "PUT" }),
    { kind: "delayed", delayMs: 900, method: "PUT" },
    "storage's answers to PUT requests come 900 ms later",
  ],
  [
    storageNeverEnds(),
    { kind: "unfinished", sent: "half", afterwards: "silence" },
    "storage's answers never end, after half of it",
  ],
  [
    storageNeverEnds({ sent: "nothing", first: 2 }),
    { kind: "unfinished", sent: "nothing", afterwards: "silence", first: 2 },
    "storage's answers to the first 2 requests never end, after nothing of it",
  ],
  [
    storageCutOff({ sent: "head" }),
    { kind: "unfinished", sent: "head", afterwards: "end" },
    "storage's answers are cut off, after its head",
  ],
  [
    storageNameNotResolved(),
    { kind: "name", answer: "nxdomain" },
    "storage's name is not resolved: there is no such name",
  ],
  [
    storageNameNotResolved({ answer: "none" }),
    { kind: "name", answer: "none" },
    "storage's name is not resolved: the name server says nothing",
  ],
];

function kindOf({ fault }: FaultData): FaultKind {
  const kind = STORAGE_FAULTS.find(({ name }) => name === fault);
  if (kind === undefined) throw new Error(`there is no fault ${fault}`);
  return kind;
}

test.each(CASES)("%j", async (data, failure, what) => {
  const kind = kindOf(data);
  expect(kind.describe(data)).toBe(what);
  const done: unknown[] = [];
  const storage = {
    fail: (asked: StorageFailure) => {
      done.push(asked);
      return Promise.resolve({ heal: () => Promise.resolve(void done.push("healed")) });
    },
  };
  const undo = await kind.inject({ storage } as unknown as FaultTarget, data);
  expect(done).toEqual([failure]);
  await undo();
  expect(done).toEqual([failure, "healed"]);
});

test("every kind is here, with all its attributes, each of which says what it is", () => {
  expect(new Set(CASES.map(([{ fault }]) => fault))).toEqual(new Set(STORAGE_FAULTS.map(({ name }) => name)));
  const untested = STORAGE_FAULTS.flatMap(({ name, attributes }) => {
    const given = new Set(
      CASES.filter(([{ fault }]) => fault === name).flatMap(([data]) => Object.keys(data)),
    );
    return Object.keys(attributes).flatMap((attribute) =>
      given.has(attribute) ? [] : [`${name} ${attribute}`],
    );
  });
  // Read in one place for all.
  expect(untested.filter((one) => !/ (?:first|method)$/.test(one))).toEqual([]);
});

test.each([
  { fault: "storage-name-not-resolved", answer: "maybe" },
  { fault: "storage-never-ends", sent: "most" },
  { fault: "storage-status", status: "503" },
] as const)("%j is refused", (data) => {
  expect(() => kindOf(data).describe(data)).toThrowError(expect.objectContaining({ code: "USAGE" }));
});
