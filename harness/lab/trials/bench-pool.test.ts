import { describe, expect, it } from "vitest";
import { BackgroundWork } from "./background-work.ts";
import { BenchPool, type PooledBench } from "./bench-pool.ts";
import { Timetable } from "./timetable.ts";

class SimulatedBench implements PooledBench {
  readonly #life = new AbortController();
  disposals = 0;

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /** As when its platform container ends. */
  end(): void {
    this.#life.abort(new Error("the bench has ended"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposals++;
    await Promise.resolve();
  }
}

const never = new AbortController().signal;

function poolOf<B extends PooledBench>(create: () => Promise<B>): BenchPool<B> {
  return new BenchPool(create, new BackgroundWork(new Timetable(), 2));
}

describe("BenchPool", () => {
  it("gives out what was made ahead, and makes one more where all are in use", async () => {
    const pool = poolOf(async () => await Promise.resolve(new SimulatedBench()));
    await pool.stock(2, never);
    const taken = [await pool.take(never), await pool.take(never)];
    expect(pool.made).toBe(2);
    expect(await pool.take(never)).not.toBe(taken[0]);
    expect(pool.made).toBe(3);
    pool.give(taken[1]!);
    expect(await pool.take(never)).toBe(taken[1]);
    expect(pool.made).toBe(3);
  });

  it("throws away a bench that has ended meanwhile", async () => {
    const pool = poolOf(async () => await Promise.resolve(new SimulatedBench()));
    await pool.stock(1, never);
    const bench = await pool.take(never);
    pool.give(bench);
    bench.end();
    expect(await pool.take(never)).not.toBe(bench);
    expect(bench.disposals).toBe(1);
  });

  it("has every bench by the time it tells that one could not be made, so that none outlives it", async () => {
    const slow = Promise.withResolvers<SimulatedBench>();
    const makings = [() => Promise.reject(new Error("no network")), () => slow.promise];
    const pool = poolOf(async () => await makings.shift()!());
    const stocked = pool.stock(2, never);
    const told: string[] = [];
    const telling = stocked.catch((error: unknown) => told.push(String(error)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
    const bench = new SimulatedBench();
    slow.resolve(bench);
    await telling;
    expect(told).toEqual(["Error: no network"]);
    await pool.dispose();
    expect(bench.disposals).toBe(1);
  });

  it("disposes of all, and then tells what could not be removed", async () => {
    const benches = [new SimulatedBench(), new SimulatedBench()];
    const refusal = new Error("a volume is in use");
    const makings = [...benches];
    const pool = poolOf(async () => await Promise.resolve(makings.shift()!));
    await pool.stock(2, never);
    benches[0]![Symbol.asyncDispose] = async () => await Promise.reject(refusal);
    await expect(pool.dispose()).rejects.toBe(refusal);
    expect(benches[1]!.disposals).toBe(1);
  });
});
