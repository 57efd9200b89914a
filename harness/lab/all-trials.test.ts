import { describe, expect, it } from "vitest";
import { Trials } from "./all-trials.ts";
import { judged, SimulatedLaboratory } from "./test-support/simulated-laboratory.ts";

const AT_ONCE = 8;

const open = () => {
  const laboratory = new SimulatedLaboratory(() => [judged("nothingExits", "", false)], { atOnce: AT_ONCE });
  return { trials: new Trials(laboratory, { now: laboratory.now }), laboratory };
};
const schedule = (atMs: number) => ({ starts: [{ container: "main", atMs }] });

describe("Trials", () => {
  it("takes what was done while more was asked for as what can be done, not what was done while little was", async () => {
    const { trials } = open();
    await Promise.all(
      Array.from({ length: 4 * AT_ONCE }, (_, run) => trials.run(schedule(run), { priority: 1 })),
    );
    for (let run = 0; run < 3 * AT_ONCE; run++) await trials.run(schedule(1000 + run), { priority: 0 });
    expect(trials.atOnce).toBeGreaterThan(AT_ONCE - 2);
  });

  it("says less where fewer were seen to run than the laboratory says, because it is slower than it thinks", async () => {
    const { trials, laboratory } = open();
    Object.defineProperty(laboratory, "mostAtOnce", { value: 2 * AT_ONCE });
    await Promise.all(
      Array.from({ length: 8 * AT_ONCE }, (_, run) => trials.run(schedule(run), { priority: 1 })),
    );
    expect(trials.atOnce).toBeGreaterThan(AT_ONCE - 1);
    expect(trials.atOnce).toBeLessThan(AT_ONCE + 2);
  });
});
