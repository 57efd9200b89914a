import { describe, expect, it } from "vitest";
import type { ContainerEvent } from "../container-events.ts";
import type { InstanceLimits } from "./instance-limits.ts";
import { OutOfMemoryEvents } from "./out-of-memory-events.ts";
import type { OutOfMemoryKill } from "./out-of-memory.ts";

const MAIN = { id: "1".repeat(64), label: "main" };
const DAPR = { id: "2".repeat(64), label: "dapr" };

/** Limits whose kernel log is what the test says it is. */
class ToldLimits implements InstanceLimits {
  readonly cgroupParent = "/sitecar_x";
  readonly resources = { sku: "B1", cpus: 1, memoryBytes: 1 };
  /** In the kernel's log, not read yet. */
  readonly logged: OutOfMemoryKill[] = [];
  failure: Error | undefined;
  readonly #listeners: ((kill: OutOfMemoryKill) => void)[] = [];

  onKill(listener: (kill: OutOfMemoryKill) => void): () => void {
    this.#listeners.push(listener);
    return () => undefined;
  }

  async caughtUp(): Promise<void> {
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    for (const one of this.logged.splice(0)) for (const listener of this.#listeners) listener(one);
  }

  async remove(): Promise<void> {}
}

function kill(container: { readonly id: string }): OutOfMemoryKill {
  return { containerId: container.id, process: "node", pid: 7, limit: "plan", sequence: 1 };
}

function following(...limited: readonly { readonly id: string; readonly label: string }[]) {
  const told: ContainerEvent[] = [];
  const failures: unknown[] = [];
  const limits = new ToldLimits();
  const events = new OutOfMemoryEvents({
    onEvent: (event) => told.push(event),
    onFailure: (error) => failures.push(error),
  });
  for (const container of limited) events.add(container, limits);
  const take = (
    container: { readonly id: string; readonly label: string },
    action: ContainerEvent["action"],
  ): void => events.take({ ...container, action, wallMs: 0 });
  return { told, failures, limits, take, texts: () => told.map(({ label, action }) => `${label} ${action}`) };
}

describe("out of memory under a shared limit (A3.10)", () => {
  it("is told of the container that lost a process, before its end; the others are not blamed", async () => {
    const { limits, take, texts } = following(MAIN, DAPR);
    limits.logged.push(kill(DAPR));
    // What an engine with control groups of version 1 says: everyone under the limit.
    take(MAIN, "out-of-memory");
    take(DAPR, "out-of-memory");
    take(DAPR, "exited");

    await expect.poll(texts).toEqual(["dapr out-of-memory", "dapr exited"]);
  });

  it("tells the process", async () => {
    const { told, limits, take } = following(MAIN);
    limits.logged.push(kill(MAIN));
    take(MAIN, "exited");
    await expect.poll(() => told[0]).toMatchObject({ process: "node", limit: "plan" });
  });

  it("holds up what follows an end until it is told, and keeps the order", async () => {
    const { take, texts } = following(MAIN, DAPR);
    take(MAIN, "started");
    take(MAIN, "exited");
    take(DAPR, "started");
    take(MAIN, "started");
    // What came before the first end is not held up.
    expect(texts()).toEqual(["main started"]);
    await expect.poll(texts).toEqual(["main started", "main exited", "dapr started", "main started"]);
    take(DAPR, "paused");
    expect(texts().at(-1)).toBe("dapr paused");
  });

  it("leaves a container without limits to the engine's word, at once", () => {
    const { take, texts } = following();
    take(MAIN, "out-of-memory");
    take(MAIN, "exited");
    expect(texts()).toEqual(["main out-of-memory", "main exited"]);
  });

  it("tells the end also when the log could not be read, and that it could not", async () => {
    const { failures, limits, take, texts } = following(MAIN);
    limits.failure = new Error("gone");
    take(MAIN, "exited");
    await expect.poll(texts).toEqual(["main exited"]);
    expect(failures).toEqual([limits.failure]);
  });
});
