import { SitecarError } from "../errors/index.ts";
import { didYouMean } from "../shared/nearest.ts";
import type { Contract } from "./contract.ts";

export interface ContractChoice {
  /** Names of those that are judged; empty or absent: all. */
  readonly only?: readonly string[];
  /** Names of those that are not. */
  readonly without?: readonly string[];
}

/**
 * The contracts that a run is judged by: the built-in ones, then the user's. One of the user's with a built-in's name takes its
 * place.
 * @throws {SitecarError} CONTRACT_UNKNOWN for a name that none has; USAGE when none is left.
 */
export function chooseContracts(
  builtIn: readonly Contract[],
  user: readonly Contract[],
  { only = [], without = [] }: ContractChoice = {},
): readonly Contract[] {
  const replaced = builtIn.filter(({ name }) => !user.some((one) => one.name === name));
  const all = [...replaced, ...user];
  const names = all.map(({ name }) => name);
  for (const name of [...only, ...without]) if (!names.includes(name)) throw unknownContract(name, names);
  const chosen = all.filter(
    ({ name }) => (only.length === 0 || only.includes(name)) && !without.includes(name),
  );
  if (chosen.length > 0) return chosen;
  throw new SitecarError("USAGE", {
    message: "no contract is left to judge by.",
    observations: [{ label: "known", value: names.join(", ") }],
    remedy: "leave fewer of them out.",
  });
}

function unknownContract(name: string, names: readonly string[]): SitecarError {
  return new SitecarError("CONTRACT_UNKNOWN", {
    message: `there is no contract "${name}".${didYouMean(name, names)}`,
    observations: [{ label: "known", value: names.join(", ") }],
    remedy: "use the names of docs/built-in-contracts.md, or of your own contracts.",
  });
}
