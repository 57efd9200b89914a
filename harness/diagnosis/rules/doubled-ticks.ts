import type { DiagnosisRule } from "../diagnosis.ts";

export const doubledTicks: DiagnosisRule = {
  id: "doubled-ticks",
  about: "Each instance runs a daprd of its own, and each fires the cron binding.",
  source: "A3.8, A3.9",
  explains: ["firesOnce", "ticksHaveEffect"],
  advice: [
    "Run the site on one worker, with WEBSITE_DISABLE_OVERLAPPED_RECYCLING=1.",
    "Or let the handler take a lease (a blob's, a lock), so that one instance does the work.",
  ],
  conclude(look) {
    const ticks = look.events("tick").filter(({ component }) => look.concernsComponent(component));
    const [first] = ticks;
    if (first === undefined) return undefined;
    const ofInstances = Map.groupBy(
      ticks.filter(({ component }) => component === first.component),
      ({ instance }) => instance ?? "",
    );
    if (ofInstances.size < 2) return undefined;
    return {
      cause: `"${first.component}" was fired by ${ofInstances.size} instances, each with a daprd of its own.`,
      evidence: [...ofInstances].map(([instance, own]) => ({
        source: "timeline",
        tMs: own[0]?.tMs ?? 0,
        quote: `instance ${instance}: ${own.length} ticks of "${first.component}"`,
      })),
      remedies: [
        { text: "let the handler take a lease (a blob's, a lock), so that one instance does the work" },
        { text: "run the site on one worker, with WEBSITE_DISABLE_OVERLAPPED_RECYCLING=1" },
      ],
    };
  },
};
