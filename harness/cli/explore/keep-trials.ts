import { rm } from "node:fs/promises";
import type { Exploration, Tried } from "../../lab/exploration.ts";

/** Trials whose folders stay. Those that a class names always do. */
export type TrialsKept = "all" | "broken" | "none";

/**
 * Removes the folders of trials that nobody wants to look at any more; a trial without a folder says so by an empty
 * `runDirectory`. `broken` keeps what is unknown too.
 */
export async function keepTrials(exploration: Exploration, kept: TrialsKept): Promise<Exploration> {
  if (kept === "all") return exploration;
  const named = new Set(
    exploration.classes.flatMap(({ runDirectory, heldRunDirectory }) => [runDirectory, heldRunDirectory]),
  );
  const stays = ({ runDirectory, verdict }: Tried): boolean =>
    named.has(runDirectory) || (kept === "broken" && verdict !== "held");
  const tried = await Promise.all(
    exploration.tried.map(async (one) => {
      if (one.runDirectory === "" || stays(one)) return one;
      await rm(one.runDirectory, { recursive: true, force: true });
      return { ...one, runDirectory: "" };
    }),
  );
  return { ...exploration, tried };
}
