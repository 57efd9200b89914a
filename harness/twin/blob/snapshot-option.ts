import { GoError } from "../go/json-node.ts";

const SNAPSHOT_OPTIONS = ["include", "only"];

/** @throws {GoError} */
export function checkSnapshotOption(option: string): void {
  if (SNAPSHOT_OPTIONS.includes(option)) return;
  throw new GoError(
    `invalid delete snapshot option type: ${option}; allowed: [${SNAPSHOT_OPTIONS.join(" ")}]`,
  );
}
