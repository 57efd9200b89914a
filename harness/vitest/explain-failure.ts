import { describeLines, describeState } from "../site/describe.ts";
import type { RunningSite } from "../site/running-site.ts";

/** Prints what a person needs first when a scenario fails; the rest lies in the run's folder. */
export function explainFailure(site: RunningSite): void {
  const lines = [
    ...site.instances.flatMap(({ name, timeline, containers }) => [
      `site "${site.definition.name}", instance ${name}: ${containers.map((container) => describeState(timeline, container)).join("; ")}`,
      ...containers.flatMap((container) => describeLines(container.name, container.lastLines(200))),
    ]),
    "last events:",
    site.timeline.describeLast(10),
    `record: ${site.runDirectory}`,
  ];
  process.stderr.write(`\n${lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`).join("\n")}\n\n`);
}
