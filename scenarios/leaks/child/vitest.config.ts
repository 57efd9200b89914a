import { defineConfig } from "vitest/config";

/** For the vitest processes that `other-processes.scenario.ts` starts and ends; no part of `npm test` itself. */
export default defineConfig({
  test: {
    include: ["scenarios/leaks/child/*.child.ts"],
    globalSetup: ["scenarios/global-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
