import { BROKEN_BY_A_MISSING_COMPONENT } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";

export const componentOutOfScope: DiagnosisRule = {
  id: "component-out-of-scope",
  about: "A component's scopes do not have the app's id; daprd leaves it out without a word.",
  source: "daprd 1.18 pkg/runtime/authorizer; measured on 1.18.2",
  explains: BROKEN_BY_A_MISSING_COMPONENT,
  insteadOf: ["handler-fails"],
  advice: ["Add the app's id to the component's scopes, or leave scopes out."],
  conclude(look) {
    for (const { container, components, snapshot } of look.daprds) {
      const id = snapshot?.metadata?.id;
      if (id === undefined) continue;
      const loaded = new Set(snapshot?.metadata?.components.map(({ name }) => name));
      const out = components.find(
        ({ name, scopes }) => scopes.length > 0 && !scopes.includes(id) && !loaded.has(name),
      );
      if (out === undefined) continue;
      return {
        cause: `component "${out.name}" is for the apps ${out.scopes.join(", ")} alone, and this one is "${id}".`,
        evidence: [
          { source: "component files", quote: `${out.path}: scopes ${out.scopes.join(", ")}` },
          {
            source: `metadata of ${container}`,
            quote: `id ${id}; components ${[...loaded].join(", ") || "none"}`,
          },
        ],
        remedies: [
          {
            text: `add "${id}" to the scopes of "${out.name}"`,
            changes: [
              {
                kind: "component-key",
                container,
                component: out.name,
                key: "scopes",
                value: [...out.scopes, id].join(","),
              },
            ],
          },
        ],
      };
    }
    return undefined;
  },
};
