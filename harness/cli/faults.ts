import { Command } from "commander";
import { formatKinds, kindsAsJson } from "../faults/describe-kinds.ts";
import { FAULT_KINDS } from "../faults/kinds.ts";
import { createConsole } from "./console.ts";

/** `sitecar faults`: lists the kinds of faults with their attributes. Starts nothing. */
export function faultsCommand(): Command {
  return new Command("faults")
    .description(
      "List the faults that --fault, a schedule and inject() take, with attributes, units and ranges.",
    )
    .option("--json", "print one JSON document", false)
    .action(({ json }: { readonly json: boolean }) => {
      createConsole(json).result(
        json ? JSON.stringify(kindsAsJson(FAULT_KINDS), undefined, 2) : formatKinds(FAULT_KINDS),
      );
    });
}
