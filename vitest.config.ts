import { defineConfig } from "vitest/config";

/** Scenarios that assert times to a quarter of a second: run when nothing else starts sites. */
const MEASURED = [
  "scenarios/contracts/*.scenario.ts",
  "scenarios/cron/*.scenario.ts",
  // They put what they do on either side of a limit of daprd's own.
  "scenarios/faults/app.scenario.ts",
  "scenarios/faults/storage-daprd.scenario.ts",
  "scenarios/late-sidecar/never.scenario.ts",
  "scenarios/recovery/*.scenario.ts",
  "scenarios/stop/exit-codes.scenario.ts",
  "scenarios/wire/*.scenario.ts",
];

/** Scenarios that need times to a twentieth of a second: run when nothing else runs at all. */
const ALONE = [
  "scenarios/moments/*.scenario.ts",
  "scenarios/lab/*.scenario.ts",
  "scenarios/known-bugs/quick.scenario.ts",
];

const scenarios = {
  globalSetup: ["scenarios/global-setup.ts"],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    retry: 0,
    projects: [
      {
        test: {
          ...scenarios,
          name: "scenarios",
          include: ["scenarios/**/*.scenario.ts"],
          exclude: ["**/node_modules/**", ...MEASURED, ...ALONE],
          // Sites mostly wait, so more of them than cores; but each start is a burst of work, and what waits for too many of
          // them at once runs into its deadlines.
          maxWorkers: 3,
          maxConcurrency: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...scenarios,
          name: "measured",
          include: MEASURED,
          maxWorkers: 2,
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...scenarios,
          name: "alone",
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...scenarios,
          // Not part of `npm test`: see `npm run test:lab`.
          name: "lab",
          include: ["scenarios/**/*.lab.ts"],
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: "unit",
          include: ["harness/**/*.test.ts", "images/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          // Several wait for processes they start; the default would be one worker on two cores.
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
