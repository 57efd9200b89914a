import { describe, expect, test } from "vitest";
import { AgentControl } from "./agent-control.ts";
import type { AgentRequest } from "./agent-protocol.ts";
import { StorageControl } from "./storage-control.ts";
import type { StorageFailure } from "./storage-failure.ts";

/** An agent that answers at once, and keeps what it was asked. */
function agent(error: string | null = null) {
  const told: string[] = [];
  const control: AgentControl = new AgentControl((line) => {
    const request: AgentRequest = JSON.parse(line);
    const about =
      "open" in request ? request.open : "failure" in request ? JSON.stringify(request.failure) : "";
    told.push(`${request.type} ${about}`.trim());
    // After the request is under way, as any real answer is.
    queueMicrotask(() => control.answered({ id: request.id, error }));
  });
  return { control, told };
}

const storage = (): StorageControl => new StorageControl(["account"]);

describe("failures of storage", () => {
  test("go to every instance, also one that begins later, and are healed in all, once", async () => {
    const control = storage();
    const [first, second, third] = [agent(), agent(), agent()];
    await control.attach(first.control);
    {
      await using fault = await control.fail({ kind: "refused" });
      await control.attach(second.control);
      expect(control.failures).toEqual([fault.failure]);
      await fault.heal();
    }
    const both = ['storage.fail {"kind":"refused"}', "storage.heal"];
    expect([first.told, second.told]).toEqual([both, both]);
    await control.attach(third.control);
    expect(third.told).toEqual([]);
  });

  test("that can't be injected leave nothing behind", async () => {
    const control = storage();
    await control.attach(agent("EADDRINUSE").control);
    await expect(control.fail({ kind: "refused" })).rejects.toMatchObject({ code: "PLATFORM_FAILED" });
    expect(control.failures).toEqual([]);
  });

  test("pass over an instance that has ended", async () => {
    const control = storage();
    const [gone, detached] = [agent(), agent()];
    await control.attach(gone.control);
    await control.attach(detached.control);
    gone.control.end();
    control.detach(detached.control);
    await control.fail({ kind: "refused" });
    expect([gone.told, detached.told]).toEqual([[], []]);
  });

  test.each<[StorageFailure, StorageFailure]>([
    [{ kind: "refused" }, { kind: "hangs" }],
    [{ kind: "unreachable" }, { kind: "unreachable" }],
    [{ kind: "reset" }, { kind: "refused" }],
    [
      { kind: "name", answer: "none" },
      { kind: "name", answer: "nxdomain" },
    ],
  ])(
    "%j and %j contradict: the second is refused and nobody is told; after the first it is possible",
    async (one, other) => {
      const control = storage();
      const instance = agent();
      await control.attach(instance.control);
      const fault = await control.fail(one);
      await expect(control.fail(other)).rejects.toMatchObject({
        code: "FAULT_NOT_POSSIBLE",
        message: expect.stringContaining(JSON.stringify(one)),
      });
      expect(instance.told).toHaveLength(1);
      await fault.heal();
      await control.fail(other);
      expect(control.failures).toEqual([other]);
    },
  );

  test.each<[StorageFailure, StorageFailure]>([
    [{ kind: "refused" }, { kind: "name", answer: "none" }],
    [
      { kind: "slow", latencyMs: 1 },
      { kind: "slow", latencyMs: 1 },
    ],
    [
      { kind: "status", status: 503 },
      { kind: "status", status: 403 },
    ],
    [{ kind: "hangs" }, { kind: "delayed", delayMs: 5 }],
  ])("%j and %j add up", async (one, other) => {
    const control = storage();
    await control.fail(one);
    await control.fail(other);
    expect(control.failures).toEqual([one, other]);
  });

  test.each<[StorageFailure, string]>([
    [{ kind: "slow", latencyMs: -1 }, "latencyMs is -1"],
    [{ kind: "slow", latencyMs: 5, jitterMs: 6 }, "jitterMs is 6, more than latencyMs"],
    [{ kind: "delayed", delayMs: Number.NaN }, "delayMs is NaN"],
    [{ kind: "status", status: 200 }, "status is 200"],
    [{ kind: "status", status: 503.5 }, "status is 503.5"],
    [{ kind: "status", status: 503, first: 0 }, "first is 0"],
    [{ kind: "status", status: 503, retryAfterSeconds: -1 }, "retryAfterSeconds is -1"],
    [{ kind: "bandwidth", kilobytesPerSecond: 0 }, "kilobytesPerSecond is 0"],
  ])("%j is none", async (failure, message) => {
    const control = storage();
    await expect(control.fail(failure)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining(message),
    });
    expect(control.failures).toEqual([]);
  });

  test("a site without an account has nothing that could fail, and no agent is told of a gate", async () => {
    const control = new StorageControl([]);
    const instance = agent();
    await control.attach(instance.control);
    await control.setOpen(true);
    await control.reset();
    await expect(control.fail({ kind: "refused" })).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });
    expect(instance.told).toEqual([]);
  });
});

describe("the gate", () => {
  test("is the same for every instance; one that begins later gets failures before it opens", async () => {
    const control = storage();
    const [first, second] = [agent(), agent()];
    await control.attach(first.control);
    await control.setOpen(true);
    await control.fail({ kind: "hangs" });
    await control.attach(second.control);
    expect(first.told).toEqual(["storage.gate true", 'storage.fail {"kind":"hangs"}']);
    expect(second.told).toEqual(['storage.fail {"kind":"hangs"}', "storage.gate true"]);
    await control.setOpen(false);
    expect([first.told.at(-1), second.told.at(-1)]).toEqual(["storage.gate false", "storage.gate false"]);
  });

  test("reset: all is healed and closed, and a fault from before has nothing left to heal", async () => {
    const control = storage();
    const [first, later] = [agent(), agent()];
    await control.attach(first.control);
    await control.setOpen(true);
    const fault = await control.fail({ kind: "hangs" });
    await control.reset();
    await fault.heal();
    expect(first.told.slice(2)).toEqual(["storage.reset"]);
    await control.attach(later.control);
    expect(later.told).toEqual([]);
  });
});
