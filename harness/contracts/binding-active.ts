import { judgeBindings } from "./bindings-active.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { inputBindingsOf } from "./wire/input-bindings.ts";
import { noSuchBinding } from "./no-such-binding.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * Contract: this input binding is active, as the built-in contract `bindingsActive` says of all: by daprd's metadata and metrics, and by
 * the wire where the run had a tap; the app is not asked. Broken also where no sidecar's files have such a binding, which the
 * built-in one can't know.
 */
export function bindingActive(component: string): BuiltInContract {
  const contract = `bindingActive(${JSON.stringify(component)})`;
  return {
    name: contract,
    promise: `The input binding "${component}" is active: daprd reads it and calls the app.`,
    about:
      "What `bindingsActive` says of all bindings, of this one: by daprd's metadata and metrics, and by the wire where the run had a tap; the app is not asked. Broken, too, where no sidecar's files have such a binding.",
    symptoms: ["there is no input binding …", "binding … never active", "binding … stops"],
    judge: (record) => {
      const own = judgeBindings(record).filter(
        (one) => one.contract === `bindingsActive(${JSON.stringify(component)})`,
      );
      if (own.length > 0) return own.map((judgement) => ({ ...judgement, contract }));
      const names = inputBindingsOf(record).map(({ name }) => name);
      return [names.includes(component) ? unseen(record, contract) : none(contract, component, names)];
    },
  };
}

function unseen({ plan: { daprSidecars } }: RunRecord, contract: string): Judgement {
  const who = daprSidecars.map(({ container }) => `"${container}"`).join(", ");
  return {
    contract,
    verdict: "unknown",
    evidence: [`no daprd that would read it was there at the end: ${who}`],
  };
}

function none(contract: string, component: string, names: readonly string[]): Judgement {
  return noSuchBinding({
    contract,
    component,
    kind: "an input binding",
    names,
    none: "the sidecars' component files have no input binding",
  });
}
