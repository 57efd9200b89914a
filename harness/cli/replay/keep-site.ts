import type { SiteDefinition } from "../../definition/site-definition.ts";
import { startSite } from "../../site/start-site.ts";
import { formatProgress, type Console } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { platformStartOptions } from "../platform-options.ts";
import { formatEvent } from "../print-event.ts";
import type { ReplaySource } from "./replay-source.ts";

/**
 * Runs the schedule on a site that stays as it is afterwards, to be looked at, until Ctrl-C. As in a trial the platform does
 * nothing about what ends or does not start. Nothing is judged, so the exit code says nothing of the site.
 */
export async function keepSite(
  definition: SiteDefinition,
  { schedule, inputs }: ReplaySource,
  { console, signal }: { readonly console: Console; readonly signal: AbortSignal },
): Promise<ExitCode> {
  const { settings, ...start } = platformStartOptions(inputs);
  const { images } = inputs;
  try {
    await using site = await startSite(definition, {
      ...start,
      settings: { ...settings, onContainerExitAfterStart: "leave", onStartFailure: "hold" },
      inputs,
      schedule,
      signal,
      until: "scheduled",
      progress: (event) => console.note(formatProgress(event)),
      onTimeline: (timeline) => {
        timeline.subscribe((event) => {
          const line = formatEvent(event);
          if (line !== undefined) console.note(line);
        });
      },
      ...(images === undefined ? {} : { images }),
    });
    console.note(`\n  ${definition.name}: ${site.url}; record: ${site.runDirectory}; Ctrl-C ends it\n`);
    await ended(site.signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return EXIT.held;
}

/** Rejects with what ended the run where that was not the user. */
async function ended(signal: AbortSignal): Promise<void> {
  await new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
