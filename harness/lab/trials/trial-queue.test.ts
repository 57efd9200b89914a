import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TrialQueue, type Waiting } from "./trial-queue.ts";

interface Named extends Waiting {
  readonly name: string;
}

const one = (name: string, { priority = 0 } = {}): Named => ({ name, priority });

function drain(queue: TrialQueue<Named>, atOnce: number): string[] {
  const names: string[] = [];
  for (let next = queue.next(atOnce); next !== undefined; next = queue.next(atOnce)) names.push(next.name);
  return names;
}

describe("TrialQueue", () => {
  it("lets in by priority, then in the order of asking, and no more than there is room", () => {
    const queue = new TrialQueue<Named>();
    for (const waiting of [one("a", { priority: 1 }), one("b"), one("c", { priority: 1 }), one("d")])
      queue.add(waiting);
    expect(drain(queue, 3)).toEqual(["b", "d", "a"]);
    expect(queue.waiting).toBe(1);
  });

  it("lets one in before all others that is to be tried again", () => {
    const queue = new TrialQueue<Named>();
    queue.add(one("first"));
    queue.add(one("last"));
    queue.addFirst(one("again", { priority: 9 }));
    expect(drain(queue, 8)).toEqual(["again", "first", "last"]);
  });

  it("tells whether one that is taken out still waited", () => {
    const queue = new TrialQueue<Named>();
    const waiting = one("a");
    queue.add(waiting);
    expect([queue.remove(waiting), queue.remove(waiting)]).toEqual([true, false]);
  });

  it("never runs more than there is room for, and serves everybody", () => {
    const waiting = fc.record({ priority: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(waiting, { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (all, atOnce) => {
        const queue = new TrialQueue<Waiting>();
        for (const each of all) queue.add({ ...each });
        const running: Waiting[] = [];
        let served = 0;
        while (queue.waiting > 0 || running.length > 0) {
          for (let next = queue.next(atOnce); next !== undefined; next = queue.next(atOnce))
            running.push(next);
          expect(running.length).toBeLessThanOrEqual(atOnce);
          const ended = running.shift();
          if (ended === undefined) throw new Error("nobody runs, and somebody waits");
          queue.ended(ended);
          served++;
        }
        expect(served).toBe(all.length);
      }),
    );
  });
});
