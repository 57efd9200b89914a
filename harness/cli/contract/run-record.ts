import { stat } from "node:fs/promises";
import { readRunRecord } from "../../contracts/read-run-record.ts";
import type { RunRecord } from "../../contracts/run-record.ts";
import { readSite } from "../../definition/read-site.ts";
import { recordPacts, type LeftOut } from "../../pacts/record-pacts.ts";
import { recordSite } from "../../pacts/record-site.ts";
import { recordingOf } from "../../pacts/recording-of.ts";
import { writePacts } from "../../pacts/write-pacts.ts";
import { RunReader } from "../../timeline/run-reader.ts";
import { createConsole, formatProgress, type Console } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { siteInputsOf, type ImageOptions, type SiteOptions } from "../site-arguments.ts";

export interface RecordOptions extends SiteOptions, ImageOptions {
  readonly out: string;
  readonly run?: string;
  readonly ticks: number;
  /** Milliseconds. */
  readonly for?: number;
  readonly main?: string;
  readonly sidecar?: string;
  readonly json: boolean;
}

/** Records contracts from a run, a new one or one that was tapped, and writes them. */
export async function runRecord(
  files: readonly string[],
  options: RecordOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const console = createConsole(options.json);
  const { main, sidecar } = options;
  const record = await recordOf(files, options, { console, signal });
  const { toMain, toSidecar, leftOut } = recordPacts(
    recordingOf(record, {
      ...(main === undefined ? {} : { main }),
      ...(sidecar === undefined ? {} : { sidecar }),
    }),
  );
  const written = await writePacts(options.out, [toMain, toSidecar]);
  if (options.json) {
    console.result(JSON.stringify({ run: record.runDirectory, files: written, leftOut }, undefined, 2));
    return EXIT.held;
  }
  for (const [index, pact] of [toMain, toSidecar].entries()) {
    console.result(`${written[index] ?? ""}: ${pact.consumer.name} asks ${pact.provider.name}`);
    for (const { description, pending } of pact.interactions) {
      console.result(`  ${description}${pending ? "  (the rarer answer, held against nobody)" : ""}`);
    }
  }
  for (const line of leftOutLines(leftOut)) console.result(line);
  return EXIT.held;
}

async function recordOf(
  files: readonly string[],
  options: RecordOptions,
  { console, signal }: { readonly console: Console; readonly signal: AbortSignal },
): Promise<RunRecord> {
  if (options.run !== undefined) {
    const isFolder = (await stat(options.run).catch(() => undefined))?.isDirectory() === true;
    return await readRunRecord(isFolder ? options.run : (await RunReader.find(options.run)).path);
  }
  return await recordSite(await readSite(siteInputsOf(files, options, ".")), {
    images: options.image,
    signal,
    progress: (event) => console.note(formatProgress(event)),
    ...(options.for === undefined ? { ticks: options.ticks } : { forMs: options.for }),
  });
}

/** What no contract could be made of, the same reasons together. */
function leftOutLines(leftOut: readonly LeftOut[]): readonly string[] {
  const reasons = Map.groupBy(
    leftOut,
    ({ exchange: { request }, why }) => `${request.method} ${request.path}: ${why}`,
  );
  return [...reasons].map(([reason, same]) => `left out (${same.length} times): ${reason}`);
}
