import { describe, expect, test } from "vitest";
import { AgentControl } from "./agent-control.ts";
import type { AgentRequest, IdentityFailure } from "./agent-protocol.ts";
import { IdentityControl } from "./identity-control.ts";

/** An agent that answers at once, and keeps what it was asked. */
function agent(error: string | null = null) {
  const told: string[] = [];
  const control: AgentControl = new AgentControl((line) => {
    const request: AgentRequest = JSON.parse(line);
    told.push(request.type);
    // After the request is under way, as any real answer is.
    queueMicrotask(() => control.answered({ id: request.id, error }));
  });
  return { control, told };
}

describe("failures of the identity service", () => {
  test("go to every instance, also one that begins later, and are healed in all, once", async () => {
    const identity = new IdentityControl();
    const [first, second] = [agent(), agent()];
    await identity.attach(first.control);
    {
      await using fault = await identity.fail({ status: 500 });
      await identity.attach(second.control);
      expect(fault.failure).toEqual({ status: 500 });
      await fault.heal();
    }
    expect(first.told).toEqual(["identity.fail", "identity.heal"]);
    expect(second.told).toEqual(["identity.fail", "identity.heal"]);
    const third = agent();
    await identity.attach(third.control);
    expect(third.told).toEqual([]);
  });

  test("pass over an instance that has ended", async () => {
    const identity = new IdentityControl();
    const [gone, detached] = [agent(), agent()];
    await identity.attach(gone.control);
    await identity.attach(detached.control);
    gone.control.end();
    identity.detach(detached.control);
    await using fault = await identity.fail({ refused: true });
    expect(fault.failure).toEqual({ refused: true });
    expect([gone.told, detached.told]).toEqual([[], []]);
  });

  test("that can't be injected leave nothing behind", async () => {
    const identity = new IdentityControl();
    await identity.attach(agent("EADDRINUSE").control);
    await expect(identity.fail({ refused: true })).rejects.toMatchObject({ code: "PLATFORM_FAILED" });
    const later = agent();
    await identity.attach(later.control);
    expect(later.told).toEqual([]);
  });

  test.each<[IdentityFailure, string]>([
    [{ delayMs: -1 }, "delayMs is -1"],
    [{ delayMs: Number.NaN }, "delayMs is NaN"],
    [{ status: 42 }, "status is 42"],
    [{ status: 500, first: 0 }, "first is 0"],
  ])("%j is none", async (failure, message) => {
    const identity = new IdentityControl();
    await expect(identity.fail(failure)).rejects.toThrow(message);
  });
});
