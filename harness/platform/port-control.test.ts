import { describe, expect, test } from "vitest";
import { AgentControl } from "./agent-control.ts";
import type { AgentRequest, PortHold } from "./agent-protocol.ts";
import { PortControl } from "./port-control.ts";

const HOLD: PortHold = { port: 9090, address: "loopback", answers: "nothing" };

/** An agent that answers at once, and keeps what it was asked. */
function agent(error: string | null = null) {
  const told: AgentRequest[] = [];
  const control: AgentControl = new AgentControl((line) => {
    const request: AgentRequest = JSON.parse(line);
    told.push(request);
    // After the request is under way, as any real answer is.
    queueMicrotask(() => control.answered({ id: request.id, error }));
  });
  return { control, told };
}

describe("a taken port", () => {
  test("is taken in every instance, also one that begins later, and released in all, once", async () => {
    const ports = new PortControl();
    const [first, second] = [agent(), agent()];
    await ports.attach(first.control);
    const taken = await ports.take(HOLD);
    await ports.attach(second.control);
    await taken.release();
    await taken[Symbol.asyncDispose]();
    for (const { told } of [first, second]) {
      expect(told).toMatchObject([
        { type: "port.take", key: "port-1", hold: HOLD },
        { type: "port.release", key: "port-1" },
      ]);
    }
    const third = agent();
    await ports.attach(third.control);
    expect(third.told).toEqual([]);
  });

  test("passes over an instance that has ended", async () => {
    const ports = new PortControl();
    const [gone, detached] = [agent(), agent()];
    await ports.attach(gone.control);
    await ports.attach(detached.control);
    gone.control.end();
    ports.detach(detached.control);
    await using taken = await ports.take(HOLD);
    expect(taken.hold).toEqual(HOLD);
    expect([gone.told, detached.told]).toEqual([[], []]);
  });

  test("that somebody has already is not possible, and leaves nothing behind", async () => {
    const ports = new PortControl();
    await ports.attach(agent("listen EADDRINUSE: address already in use 127.0.0.1:9090").control);
    await expect(ports.take(HOLD)).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });
    const later = agent();
    await ports.attach(later.control);
    expect(later.told).toEqual([]);
  });

  test.each([0, 65_536, 80.5, Number.NaN])("%s is none", async (port) => {
    await expect(new PortControl().take({ ...HOLD, port })).rejects.toMatchObject({ code: "USAGE" });
  });
});
