/** `npm run bench -- <name> [--runs <count>]`: measures, prints, and writes nothing. */
import { parseArgs } from "node:util";
import { benchExplore } from "./explore.ts";
import { benchFrontEnd } from "./front-end.ts";
import { benchImages } from "./images.ts";
import { benchStart } from "./start.ts";
import { benchTap } from "./tap.ts";

const BENCHES: Readonly<Record<string, (runs: number) => Promise<string>>> = {
  start: benchStart,
  images: benchImages,
  "front-end": benchFrontEnd,
  explore: benchExplore,
  tap: benchTap,
};

const USAGE = `npm run bench -- <${Object.keys(BENCHES).join("|")}> [--runs <count>]`;
const EXIT_USAGE = 64;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "5" } },
});
const bench = BENCHES[positionals[0] ?? ""];
const runs = Number(values.runs);
if (bench === undefined || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = EXIT_USAGE;
} else {
  process.stdout.write(`${await bench(runs)}\n`);
}
