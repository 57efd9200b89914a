import { Command, InvalidArgumentError, Option } from "commander";

import { TWIN_PHASES } from "../twin/phase.ts";
import { TWIN_VERSIONS } from "../twin/versions/versions.ts";
import { interruptible } from "./interrupt.ts";
import { addSiteArguments } from "./site-arguments.ts";
import type { TwinCommandOptions } from "./twin/run-twin.ts";

/** `sitecar twin`: answers at daprd's port as a daprd with the site's component files does, until it is ended. Needs no engine. */
export function twinCommand(): Command {
  return addSiteArguments(
    new Command("twin").description(
      "Answer as the site's Dapr sidecar does, without daprd: for unit tests in any language.",
    ),
  )
    .option(
      "--resources <path>",
      "a Dapr component file or a folder of them, instead of the site's; repeatable",
      repeated,
      [],
    )
    .option("--container <name>", "which of the site's Dapr sidecars, if it has several")
    .option("--port <port>", "where the app looks for daprd; 0: a free one", port, 3500)
    .option("--grpc-port <port>", "daprd's gRPC port, for clients that use it; 0: a free one", port, 50_001)
    .option("--host <address>", "the address to listen at", "127.0.0.1")
    .option("--app-id <id>", "daprd's --app-id", "main")
    .option("--app-port <port>", "daprd's --app-port, and where ticks are sent; 0: no app", port, 9000)
    .option("--api-token <token>", "what daprd's DAPR_API_TOKEN holds")
    .option("--app-api-token <token>", "what daprd's APP_API_TOKEN holds, for ticks")
    .addOption(new Option("--phase <phase>", "where in its life daprd is").choices(TWIN_PHASES).default("up"))
    .addOption(
      new Option("--dapr-version <version>", "of daprd").choices(TWIN_VERSIONS).default(TWIN_VERSIONS[0]),
    )
    .option(
      "--control-port <port>",
      "serve control over the twin here: phases, ticks, blobs; 0: a free one",
      port,
    )
    .action(async (files: readonly string[], options: TwinCommandOptions) => {
      const interrupt = interruptible();
      try {
        const { runTwin } = await import("./twin/run-twin.ts");
        process.exitCode = await runTwin(files, options, interrupt.signal);
      } finally {
        interrupt.release();
      }
    });
}

function repeated(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 65_535)) throw new InvalidArgumentError("must be a port from 0 to 65535.");
  return number;
}
