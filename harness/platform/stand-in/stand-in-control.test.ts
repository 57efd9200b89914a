import { describe, expect, test } from "vitest";
import { StandInControl } from "./stand-in-control.ts";
import type { StandInFault, StandInState } from "./stand-in-protocol.ts";

const COUNTS = { options: 1, ticks: 2, ticksDone: 2, others: 3, writes: 0, writesFailed: 0 };
const HANGS: StandInFault = { kind: "hangs", requests: "options" };

/** A container whose stand-in answers at once, if it runs, and keeps what it was told. */
function container(control: StandInControl, { isRunning = true, answers = true, port = 9000 } = {}) {
  const told: StandInState[] = [];
  const one = {
    isRunning: () => isRunning,
    write: (line: string): void => {
      const state: StandInState = JSON.parse(line);
      told.push(state);
      if (!answers) return;
      const answer = JSON.stringify({ standIn: "state", revision: state.revision, counts: COUNTS });
      // After the request is under way, as any real answer is.
      queueMicrotask(() => link.hear(answer));
    },
  };
  const link = control.attach(one, { port, routes: () => ["/batch"] });
  const faults = (): readonly StandInFault[][] => told.map((state) => state.faults.map(({ fault }) => fault));
  return { link, told, faults };
}

describe("the stand-in main", () => {
  test("is told everything at each start, in every instance, also one that begins later", async () => {
    const control = new StandInControl();
    const first = container(control);
    await using fault = await control.fail(HANGS);
    const second = container(control, { port: 9001 });
    expect(JSON.parse(second.link.firstInput())).toEqual({
      revision: 1,
      port: 9001,
      routes: ["/batch"],
      faults: [{ id: "stand-in-1", fault: HANGS }],
    });
    await fault.heal();
    await fault.heal();
    expect([first.faults(), second.faults()]).toEqual([[[HANGS], []], [[]]]);
  });

  test("that does not run is not waited for: it begins with what is then", async () => {
    const control = new StandInControl();
    const { link } = container(control, { isRunning: false, answers: false });
    await using fault = await control.fail(HANGS);
    expect(fault.fault).toEqual(HANGS);
    expect(JSON.parse(link.firstInput())).toMatchObject({ faults: [{ fault: HANGS }] });
  });

  test("that ends before it answers is not waited for any longer", async () => {
    const control = new StandInControl();
    const { link } = container(control, { answers: false });
    const failing = control.fail(HANGS);
    link.ended();
    await expect(failing).resolves.toMatchObject({ fault: HANGS });
  });

  test("a newer answer does for an older state; lines for a person are none", async () => {
    const control = new StandInControl();
    const { link, told } = container(control, { answers: false });
    const both = Promise.all([control.fail(HANGS), control.fail({ kind: "not-listening" })]);
    link.hear("2026-11-24T10:00:00.000Z listening on port 9000");
    link.hear('{"standIn":"state", cut off');
    link.hear(JSON.stringify({ standIn: "state", revision: told.length, counts: COUNTS }));
    await expect(both).resolves.toHaveLength(2);
  });

  test("tells what it has counted, and can be healed of everything at once", async () => {
    const control = new StandInControl();
    const { faults } = container(control);
    container(control, { isRunning: false, answers: false });
    await control.fail(HANGS);
    await control.fail({ kind: "not-listening" });
    expect(await control.counts()).toEqual([COUNTS]);
    await control.healAll();
    expect(faults().at(-1)).toEqual([]);
  });

  test("is asked for in vain where the site runs its own main", async () => {
    const control = new StandInControl();
    await expect(control.fail(HANGS)).rejects.toMatchObject({
      code: "FAULT_NOT_POSSIBLE",
      message: expect.stringContaining("Fix: run it with the stand-in main in its place"),
    });
    await expect(control.counts()).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });
  });

  test("is there also while a restart has taken one away and not yet made the next", async () => {
    const control = new StandInControl();
    control.detach(container(control).link);
    await control.fail(HANGS);
    expect(JSON.parse(container(control).link.firstInput())).toMatchObject({ faults: [{ fault: HANGS }] });
  });
});
