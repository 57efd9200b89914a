import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { SitecarError } from "../errors/index.ts";
import { readPact, type ReadPact } from "./read-pact.ts";

/** Contracts of one recording, one for each direction. */
export interface PactPair {
  /** What daprd asks. */
  readonly toMain: ReadPact;
  /** What main asks. */
  readonly toSidecar: ReadPact;
}

/**
 * Reads the contracts of one recording: two files, or the folder that holds them.
 * @throws {SitecarError} FILE_NOT_READABLE, CONTRACT_FILE_INVALID, USAGE where the two directions are not there, each once.
 */
export async function readPair(places: readonly string[]): Promise<PactPair> {
  const files = (await Promise.all(places.map(filesAt))).flat();
  const pacts = await Promise.all(files.map(readPact));
  const [toMain, ...moreToMain] = pacts.filter(({ direction }) => direction === "sidecar-to-main");
  const [toSidecar, ...moreToSidecar] = pacts.filter(({ direction }) => direction === "main-to-sidecar");
  if (toMain !== undefined && toSidecar !== undefined && moreToMain.length + moreToSidecar.length === 0) {
    return { toMain, toSidecar };
  }
  throw new SitecarError("USAGE", {
    message: "a contract has two files, one for each direction.",
    observations: files.map((file, index) => ({
      label: pacts[index]?.direction ?? "unknown",
      value: file,
    })),
    remedy: "name both files of one recording, or the folder that holds them and no others.",
  });
}

async function filesAt(place: string): Promise<readonly string[]> {
  const kind = await stat(place).catch(() => undefined);
  if (kind?.isDirectory() !== true) return [place];
  const names = (await readdir(place)).filter((name) => name.endsWith(".json")).toSorted();
  return names.map((name) => path.join(place, name));
}
