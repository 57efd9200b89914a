import type { TimelineEvent } from "../../timeline/events.ts";
import type { Timeline } from "../../timeline/timeline.ts";
import { PLATFORM_WORDS } from "./platform-words.ts";

export interface LifeLogParts {
  readonly timeline: Timeline;
  /** The site's name. */
  readonly site: string;
  /** The site's own containers → their images as the site names them. */
  readonly images: ReadonlyMap<string, string>;
}

/**
 * Writes the platform's log of an instance: what its containers do, in App Service's words (A3.3, A3.4), as `platform.log`
 * events. Returns the way to end it.
 */
export function logLife({ timeline, site, images }: LifeLogParts): () => void {
  const log = (container: string, ...lines: readonly string[]): void => {
    for (const line of lines) timeline.record({ type: "platform.log", level: "INFO", line, container });
  };
  return timeline.subscribe((event: TimelineEvent) => {
    if (!("container" in event) || event.container === undefined) return;
    const { container } = event;
    const image = images.get(container);
    if (image === undefined) return;
    if (event.type === "container.created") {
      const { startMethodCalled, starting, creating } = PLATFORM_WORDS;
      log(container, startMethodCalled, starting, creating(image));
    } else if (event.type === "container.started") {
      log(
        container,
        PLATFORM_WORDS.startingContainer(idOf(timeline, container), site),
        PLATFORM_WORDS.running,
      );
    } else if (event.type === "container.exited") {
      log(container, PLATFORM_WORDS.finished(event.exitCode));
    }
  });
}

function idOf(timeline: Timeline, container: string): string {
  return timeline.of("container.created").findLast((event) => event.container === container)?.id ?? "";
}
