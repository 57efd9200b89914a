import { BROKEN_BY_A_MISSING_COMPONENT } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { hindranceOf } from "../hindrance.ts";

export const ignoreErrorsHides: DiagnosisRule = {
  id: "ignore-errors-hides",
  about:
    "A component with ignoreErrors could not be initialised; daprd runs on without it and tries again every 60 s only.",
  source:
    "daprd 1.18 pkg/runtime/processor/components.go, pkg/runtime/hotreload/reconciler; measured on 1.18.2",
  explains: BROKEN_BY_A_MISSING_COMPONENT,
  insteadOf: ["handler-fails"],
  advice: [
    "Shorten --hot-reload-reconcile-interval, or give the component a longer initTimeout.",
    "daprd's health does not tell: ask its metadata whether the component is there.",
  ],
  conclude(look) {
    for (const daprd of look.daprds) {
      const { container, snapshot } = daprd;
      const loaded = new Set(snapshot?.metadata?.components.map(({ name }) => name));
      for (const component of daprd.components.filter(
        ({ name, ignoreErrors }) => ignoreErrors && !loaded.has(name),
      )) {
        const line = daprd.lines.find(
          ({ level, message }) =>
            level === "error" &&
            message.startsWith("Ignoring error processing component") &&
            message.includes(`occurred for ${component.name} `),
        );
        if (line === undefined) continue;
        const startedMs = daprd.lives.findLast((life) => life.startedMs <= line.line.tMs)?.startedMs ?? 0;
        const hindrance = hindranceOf(look, { daprd, component, fromMs: startedMs, untilMs: line.line.tMs });
        return {
          cause: `component "${component.name}" could not be initialised${hindrance === undefined ? "" : `, because ${hindrance.because}`}; with ignoreErrors daprd runs on without it and calls itself healthy.`,
          evidence: [
            fromLine(line),
            ...(hindrance?.evidence ?? []),
            { source: `metadata of ${container}`, quote: `components: ${[...loaded].join(", ") || "none"}` },
          ],
          remedies: [
            {
              text: "start daprd with --hot-reload-reconcile-interval 5s: it tries again every 5 s instead of every 60 s",
              changes: [
                { kind: "daprd-flag", container, flag: "hot-reload-reconcile-interval", value: "5s" },
              ],
            },
            {
              text: `set initTimeout: 30s for "${component.name}"`,
              changes: [
                {
                  kind: "component-key",
                  container,
                  component: component.name,
                  key: "spec.initTimeout",
                  value: "30s",
                },
              ],
            },
          ],
        };
      }
    }
    return undefined;
  },
};
