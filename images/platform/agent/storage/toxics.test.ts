import { expect, test } from "vitest";
import type { StorageFailure } from "../../../../harness/platform/storage-failure.ts";
import { toxicsOf } from "./toxics.ts";

test.each<[StorageFailure, readonly string[]]>([
  [{ kind: "slow", latencyMs: 400, jitterMs: 50 }, ['f latency downstream {"latency":400,"jitter":50}']],
  [{ kind: "slow", latencyMs: 400 }, ['f latency downstream {"latency":400,"jitter":0}']],
  [
    { kind: "bandwidth", kilobytesPerSecond: 9 },
    ['f-upstream bandwidth upstream {"rate":9}', 'f-downstream bandwidth downstream {"rate":9}'],
  ],
  [{ kind: "reset" }, ['f reset_peer upstream {"timeout":0}']],
  [{ kind: "reset", afterMs: 70 }, ['f reset_peer upstream {"timeout":70}']],
  [
    { kind: "hangs" },
    ['f-upstream timeout upstream {"timeout":0}', 'f-downstream timeout downstream {"timeout":0}'],
  ],
  [{ kind: "refused" }, []],
  [{ kind: "unreachable" }, []],
  [{ kind: "name", answer: "none" }, []],
  [{ kind: "status", status: 503 }, []],
])("%j is these toxics", (failure, toxics) => {
  expect(
    toxicsOf("f", failure).map(
      ({ name, type, stream, attributes }) => `${name} ${type} ${stream} ${JSON.stringify(attributes)}`,
    ),
  ).toEqual(toxics);
});
