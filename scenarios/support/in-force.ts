import { APP_FAULTS } from "../../harness/faults/app-faults.ts";
import { PORT_FAULTS } from "../../harness/faults/port-faults.ts";
import { RESOURCE_FAULTS } from "../../harness/faults/resource-faults.ts";
import type { FaultData } from "../../harness/schedule/step.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";

const KINDS = [...APP_FAULTS, ...PORT_FAULTS, ...RESOURCE_FAULTS];

/** A fault that is on until it is healed; leaving its scope heals it. */
export async function inForce(
  site: RunningSite,
  data: FaultData,
): Promise<AsyncDisposable & { heal(): Promise<void> }> {
  const kind = KINDS.find(({ name }) => name === data.fault);
  if (kind === undefined) throw new Error(`there is no fault "${data.fault}"`);
  let undo: (() => Promise<void>) | undefined = await kind.inject(site, data);
  const heal = async (): Promise<void> => {
    const once = undo;
    undo = undefined;
    await once?.();
  };
  return { heal, [Symbol.asyncDispose]: heal };
}
