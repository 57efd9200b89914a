import { cronIntervalMs } from "../../dapr/component-files.ts";
import { parseGoDuration } from "../../dapr/go-duration.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import { readComponents } from "../../lint/read-components.ts";

/**
 * How far apart the ticks of the site's cron bindings are, so that something can be aimed at one: the shortest, in ms.
 * `undefined`: it has none, its files do not lie on this machine, or a binding has no interval.
 * @param tickEvery what all of them are shortened to
 */
export async function tickIntervalOf(
  { daprSidecars }: SiteDefinition,
  tickEvery: string | undefined,
): Promise<number | undefined> {
  const places = daprSidecars.flatMap(({ componentFiles = [] }) => componentFiles);
  const files = (await Promise.all(places.map((place) => readComponents(place)))).flat();
  const intervals = files.flatMap(({ file }) =>
    file.components.flatMap((component) => cronIntervalMs(component) ?? []),
  );
  if (intervals.length === 0) return undefined;
  return (tickEvery === undefined ? undefined : parseGoDuration(tickEvery)) ?? Math.min(...intervals);
}
