import { BUILT_IN_CONTRACTS } from "../../contracts/built-in.ts";
import { chooseContracts } from "../../contracts/choose-contracts.ts";
import type { Contract } from "../../contracts/contract.ts";
import { loadContracts } from "../../contracts/load-contracts.ts";

/** Which contracts judge the trials. */
export interface ContractOptions {
  /** A module of the user's own, beside the built-in ones. */
  readonly contracts?: string | undefined;
  /** Empty: all. */
  readonly only: readonly string[];
  readonly without: readonly string[];
}

/** @throws {SitecarError} CONTRACTS_UNREADABLE, CONTRACT_UNKNOWN, USAGE. */
export async function contractsOf({
  contracts,
  only,
  without,
}: ContractOptions): Promise<readonly Contract[]> {
  const own = contracts === undefined ? [] : await loadContracts(contracts);
  return chooseContracts(BUILT_IN_CONTRACTS, own, { only, without });
}
