import { describe, expect, it } from "vitest";

import type { Schedule } from "../schedule/schedule.ts";
import type { ParameterContext } from "./parameter.ts";
import { parametersOf } from "./parameters.ts";
import { starts } from "./test-support/asking.ts";

const CONTEXT: ParameterContext = { symptom: 'container "dapr" exits (1)', sidecars: ["dapr"] };

function words(schedule: Schedule, context: Partial<ParameterContext> = {}): readonly string[] {
  return parametersOf(schedule, { ...CONTEXT, ...context }).map(({ what, value }) => `${what} ${value}`);
}

const timesOf = (changed: Schedule | undefined) =>
  changed?.steps?.map(({ when }) => ("after" in when ? when.plusMs : undefined));

describe("parametersOf", () => {
  it("tells a start by the container that the symptom names, else by the sidecar", () => {
    expect(words(starts({ main: 0, dapr: 0, storage: 7000 }))).toEqual([
      "storage can be reached later than dapr starts by 7000",
    ]);
    expect(
      words(starts({ main: 0, dapr: 0, storage: 7000 }), { symptom: 'container "main" exits (1)' }),
    ).toEqual(["storage can be reached later than main starts by 7000"]);
    expect(words(starts({ dapr: 0, main: 500, proxy: 500 }))).toEqual([
      "main and proxy start later than dapr by 500",
    ]);
    expect(words(starts({ storage: 0, dapr: 500 }))).toEqual([
      "dapr starts later than storage can be reached by 500",
    ]);
  });

  it("moves everything later along with a gap", () => {
    const [first, second] = parametersOf(starts({ storage: 0, dapr: 500, main: 4500 }), CONTEXT);
    expect(first?.at(100)).toEqual(starts({ storage: 0, dapr: 100, main: 4100 }));
    expect(second?.at(0)).toEqual(starts({ storage: 0, dapr: 500, main: 500 }));
  });

  it("has how long a kill lasts, and when it is; the end moves along with its begin", () => {
    const after = { seen: "tick", count: 2 } as const;
    const schedule: Schedule = {
      ...starts({ main: 0 }),
      steps: [
        { when: { after, plusMs: 300 }, do: "kill", container: "dapr" },
        { when: { after, plusMs: 2300 }, do: "start", container: "dapr" },
      ],
    };
    expect(words(schedule)).toEqual([
      "dapr is killed for longer than 2000",
      "dapr is killed later than the 2nd tick by 300",
    ]);
    const [length, moment] = parametersOf(schedule, CONTEXT);
    expect(timesOf(length?.at(500))).toEqual([300, 800]);
    expect(timesOf(moment?.at(0))).toEqual([0, 2000]);
  });

  it("has how strong a fault is and how long it lasts, and no status or port", () => {
    const schedule: Schedule = {
      ...starts({ main: 0 }),
      steps: [
        { when: { atMs: 0 }, inject: { fault: "identity-slow", delayMs: 8000 } },
        { when: { atMs: 0 }, inject: { fault: "storage-status", status: 503, first: 3 } },
        { when: { atMs: 500 }, inject: { fault: "port-taken", port: 9090 }, until: { atMs: 2500 } },
      ],
    };
    expect(words(schedule)).toEqual([
      "identity answers later than 8000",
      "storage status for more than the first 3",
      "port taken for longer than 2000",
      "port taken later than the first start by 500",
    ]);
    const parameters = parametersOf(schedule, CONTEXT);
    expect(parameters[0]?.at(100).steps?.[0]).toMatchObject({
      inject: { fault: "identity-slow", delayMs: 100 },
    });
    expect(parameters[1]).toMatchObject({ unit: "requests", least: 1 });
    expect(parameters[3]?.at(0).steps?.[2]).toMatchObject({ when: { atMs: 0 }, until: { atMs: 2000 } });
  });
});
