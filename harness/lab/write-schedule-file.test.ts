import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ScheduleFile } from "./schedule-file.ts";
import { readScheduleFile, writeScheduleFile } from "./write-schedule-file.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-schedule-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const FILE: ScheduleFile = {
  sitecar: "schedule/1",
  inputs: ["site.json"],
  schedule: { starts: [{ container: "main", atMs: 0 }] },
};

describe("a schedule's file", () => {
  it("gives back what was written, whatever the symptom says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.nat(40_000), async (symptom, atMs) => {
        const written: ScheduleFile = {
          ...FILE,
          schedule: {
            starts: [
              { container: "main", atMs },
              { container: "dapr", atMs: null },
            ],
            steps: [{ when: { atMs: 0 }, inject: { fault: "identity-slow", delayMs: 8000 } }],
          },
          expected: { verdict: "broken", contract: "siteStarts", symptom },
        };
        const file = await writeScheduleFile(directory, 3, written);
        expect(path.dirname(file)).toBe(directory);
        expect(path.basename(file)).toMatch(/^3-[a-z0-9-]+\.json$/);
        expect(await readScheduleFile(file)).toEqual(written);
      }),
      { numRuns: 30 },
    );
  });

  it("is named after the symptom", async () => {
    const expected = { verdict: "broken", symptom: 'container "dapr" exits (1)' } as const;
    expect(path.basename(await writeScheduleFile(directory, 1, { ...FILE, expected }))).toBe(
      "1-container-dapr-exits-1.json",
    );
  });

  it.each([
    [{ ...FILE, inputs: "site.json" }, /inputs must be a list/],
    [{ ...FILE, schedule: [] }, /schedule must be an object/],
    [{ ...FILE, schedule: {} }, /schedule\.starts must be a list/],
    [
      { ...FILE, schedule: { starts: [{ container: "main" }] } },
      /schedule\.starts\[0\] must have a container and atMs/,
    ],
    [{ ...FILE, schedule: { starts: [{ container: "main", atMs: -1 }] } }, /schedule\.starts\[0\]/],
    [{ ...FILE, schedule: { starts: [], steps: [1] } }, /schedule\.steps must be a list/],
    [{ ...FILE, tickEvery: 1 }, /tickEvery must be a duration/],
    [{ ...FILE, seed: 1.5 }, /seed must be a whole number/],
    [{ ...FILE, expected: "broken" }, /expected must be an object/],
    [{ ...FILE, inputOptions: [] }, /inputOptions must be an object/],
    [{ ...FILE, sitecar: "schedule/2" }, /"schedule\/2", not "schedule\/1"/],
  ])("is refused when it is %j", async (value, message) => {
    const file = path.join(directory, "wrong.json");
    await writeFile(file, JSON.stringify(value));
    await expect(readScheduleFile(file)).rejects.toThrow(/^SCHEDULE_INVALID: .*wrong\.json/);
    await expect(readScheduleFile(file)).rejects.toThrow(message);
  });

  it("is refused when it is not there", async () => {
    await expect(readScheduleFile(path.join(directory, "nowhere.json"))).rejects.toThrow(
      /^FILE_NOT_READABLE: /,
    );
  });
});
