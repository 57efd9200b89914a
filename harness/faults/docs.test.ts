import path from "node:path";

import { format } from "prettier";
import { expect, it } from "vitest";

import { resolveSchedule } from "../schedule/resolve-schedule.ts";
import { checkScheduleFaults } from "./check-schedule-faults.ts";
import { kindsAsMarkdown } from "./describe-kinds.ts";
import { describeFault } from "./inject.ts";
import { describeSchedule } from "../schedule/describe-schedule.ts";
import { FAULT_KINDS } from "./kinds.ts";

const FILE = path.join(import.meta.dirname, "..", "..", "docs", "faults.md");

const SCHEDULE = {
  starts: { dapr: 2_000, main: 4_000 },
  steps: [
    {
      when: { atMs: 0 },
      inject: { fault: "identity-status", status: 500, first: 2 },
      until: { after: { seen: "app-found" } },
    },
    { when: { after: { seen: "tick", count: 2 } }, do: "kill", container: "dapr" },
    {
      when: { after: { seen: "container-exited", container: "dapr" }, plusMs: 3_000 },
      do: "start",
      container: "dapr",
    },
  ],
} as const;

const resolved = resolveSchedule(SCHEDULE, ["main", "dapr"], false);

const TEXT = `# Schedules and faults

A schedule is data: when each container starts, what else is done to the site, and which fault is on from when to when. It is
saved with every run, and means the same when it is read again. A fault is put in force by hand, too:

\`\`\`ts
await using outage = await inject(site, containerPause({ container: "dapr" }));
\`\`\`

Leaving the scope heals it; \`outage.heal()\` does so earlier. Several may be on at a time. The record has \`fault.injected\` and
\`fault.healed\` with the fault's data. When the site ends first, there is nothing left to heal.

## A schedule as JSON

\`sitecar up --schedule schedule.json\`, or \`schedule\` in \`startSite\`'s options:

\`\`\`json
${JSON.stringify(SCHEDULE, undefined, 2)}
\`\`\`

In words: ${describeSchedule(resolved, { describeFault })}.

- \`starts\`: an order (\`["dapr", "main"]\`), times in ms (\`{ "dapr": 2000, "main": "never" }\`), or a list of
  \`{ "container", "atMs" }\` for all. What it leaves out starts at 0. Without \`storage\`, storage is up before.
- A step has \`when\`, and either \`do\` (\`start\`, \`kill\` with \`signal\`, \`pause\`, \`resume\`, \`restart\`, \`stop\` with a \`container\`;
  or \`stop-site\`) or \`inject\` with a fault, which lasts \`until\` its end, or to the end of the run.
- A moment is \`{ "atMs": 5000 }\` after the schedule begins, or \`{ "after": cue, "plusMs": 500 }\`. A cue is something that was seen
  since then: \`container-started\` and \`container-exited\` (\`container\`), \`port-opened\` (\`port\`), \`app-found\` (by daprd),
  \`component-loaded\` (\`component\`), \`tick\` (\`component\`, \`success\`; \`"ready": true\` counts from when the site was ready),
  \`blob-created\`, \`site-started\`, \`site-ready\`; with \`"count": 2\` at the second time.
- A fault at \`{ "atMs": 0 }\` is in force before the first container starts; if it is not possible, the run is not begun.
- Of a site with several workers, \`"worker": 1\` names the second; otherwise containers and cues are the first one's.
- What is done to one container is done one after the other: a resume that comes while the engine still pauses it waits for that. At one
  moment it is the order of the list. A step whose container is in another state (\`pause\` of one that has ended), or whose moment never
  comes, is left, and hinders no other: the record has \`schedule.step-not-done\` with the reason. Steps that were done are
  \`schedule.step\`, with the planned time and the lateness.
- On a machine that has nothing else to do, starts and steps happen within 50 ms of their times: a start call is made ahead by what the
  engine takes for one. Starts planned for the same time follow one another.

## Exit codes

A container ends with the code that its process ends with; no engine can give it another one. A \`kill\` by SIGKILL is 137. By another
signal it is what the process makes of it: daprd ends with 0 by SIGTERM and with 2 by SIGQUIT; a first process that has no handler for
a signal takes no notice of it, as a shell does of SIGTERM. For a certain code use an image, or a start-up command, whose process
ends with it.

An end that was asked for (a step, a fault, \`container.kill()\`) is none of the platform's business. What the platform makes of a crash is
seen by \`container.crash()\`.

## The faults

\`sitecar faults\` lists them, \`--fault '<kind> attribute=value …'\` puts one in force from before the first start
(\`--fault 'identity-slow delayMs=8s'\`), and for each there is a function of the same name (\`identitySlow({ delayMs: 8_000 })\`).
This page is made from them by \`npx vitest run --project unit harness/faults/docs.test.ts --update\`; without \`--update\` that test
checks it.
`;

it("docs/faults.md says what the faults are", { timeout: 60_000 }, async () => {
  const text = await format(`${TEXT}\n${kindsAsMarkdown(FAULT_KINDS)}\n`, {
    parser: "markdown",
    printWidth: 110,
  });
  await expect(text).toMatchFileSnapshot(FILE);
});

it("the page's schedule is one", () => {
  expect(() => checkScheduleFaults(resolved, ["main", "dapr"])).not.toThrow();
});
