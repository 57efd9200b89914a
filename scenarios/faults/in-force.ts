import type { FaultTarget } from "../../harness/faults/fault-target.ts";
import { STORAGE_FAULTS } from "../../harness/faults/storage-faults.ts";
import type { FaultData } from "../../harness/schedule/step.ts";

/** A fault of storage that is in force until its scope is left, or until it is healed. */
export async function inForce(
  target: FaultTarget,
  data: FaultData,
): Promise<AsyncDisposable & { heal(): Promise<void> }> {
  const kind = STORAGE_FAULTS.find(({ name }) => name === data.fault);
  if (kind === undefined) throw new Error(`there is no fault "${data.fault}"`);
  let undo: (() => Promise<void>) | undefined = await kind.inject(target, data);
  const heal = async (): Promise<void> => {
    const healing = undo;
    undo = undefined;
    await healing?.();
  };
  return { heal, [Symbol.asyncDispose]: heal };
}
