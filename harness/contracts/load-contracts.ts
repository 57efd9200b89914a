import path from "node:path";
import { pathToFileURL } from "node:url";

import { SitecarError } from "../errors/index.ts";
import type { Contract } from "./contract.ts";

const REMEDY =
  "export `contracts: Contract[]` from an ES module, or each contract under a name of its own; see docs/built-in-contracts.md.";

/**
 * A user's own contracts, from an ES module (JavaScript, or TypeScript that Node can strip): what it exports as `contracts`, a
 * list; without that, every export that is a contract.
 * @throws {SitecarError} CONTRACTS_UNREADABLE for a module that can't be loaded, or has no contract, or one that is none.
 */
export async function loadContracts(file: string): Promise<readonly Contract[]> {
  const absolute = path.resolve(file);
  const exported = await load(absolute, file);
  const listed = exported["contracts"];
  if (listed !== undefined && !isContract(listed)) {
    if (!Array.isArray(listed)) throw noContracts(file, [["contracts", "no list"]]);
    const faults = listed.flatMap((one: unknown, index): Fault[] =>
      isContract(one) ? [] : [[`contracts[${index}]`, faultOf(one)]],
    );
    if (faults.length > 0 || listed.length === 0) throw noContracts(file, faults);
    return withoutDoubles(file, listed.filter(isContract));
  }
  const contracts = Object.values(exported).filter(isContract);
  if (contracts.length > 0) return withoutDoubles(file, contracts);
  throw noContracts(
    file,
    Object.entries(exported).map(([name, value]) => [name, faultOf(value)]),
  );
}

type Fault = readonly [name: string, fault: string];

async function load(absolute: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const exported: unknown = await import(pathToFileURL(absolute).href);
    return typeof exported === "object" && exported !== null ? { ...exported } : {};
  } catch (cause) {
    throw new SitecarError("CONTRACTS_UNREADABLE", {
      message: `${file} can't be loaded as a module of contracts.`,
      observations: [
        {
          label: "answer",
          value: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
        },
      ],
      remedy: `correct the module, or the path (it is relative to the working directory). ${REMEDY}`,
      cause,
    });
  }
}

/** The same one exported under two names is one. */
function withoutDoubles(file: string, contracts: readonly Contract[]): readonly Contract[] {
  const own = [...new Set(contracts)];
  const twice = own.find(({ name }, index) => own.findIndex((one) => one.name === name) !== index);
  if (twice === undefined) return own;
  throw noContracts(file, [[twice.name, "two contracts have this name"]]);
}

function isContract(value: unknown): value is Contract {
  return faultOf(value) === "";
}

/** `""`: it is a contract. */
function faultOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "no object";
  if (!("name" in value) || typeof value.name !== "string" || value.name === "") return "name is no text";
  if (!("promise" in value) || typeof value.promise !== "string") return "promise is no text";
  return "judge" in value && typeof value.judge === "function" ? "" : "judge is no function";
}

function noContracts(file: string, faults: readonly Fault[]): SitecarError {
  return new SitecarError("CONTRACTS_UNREADABLE", {
    message: `${file} exports ${faults.length === 0 ? "no contract" : "what is no contract"}.`,
    observations: faults.map(([label, value]) => ({ label, value })),
    remedy: REMEDY,
  });
}
