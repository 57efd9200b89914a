import type { SiteContainer } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { Difference, PlannedStandIn } from "./site-plan.ts";

/** The name under which the stand-in main's image is prepared. */
export const STAND_IN_MAIN_IMAGE = "sitecar/stand-in-main";

/** The harness's own program in the place of one of the site's containers, for experiments with how an app behaves. */
export interface StandInMain {
  /** The container whose place it takes: main, or the one that daprd calls. */
  readonly container: string;
  /** Where it listens. Default: the container's `targetPort`; needed where it has none. */
  readonly port?: number;
  /** What it does with each tick. Default: it answers 200 and does nothing. */
  readonly writes?: PlannedStandIn["writes"];
}

/** The images that a site's run takes instead of its own, the stand-in main's among them. */
export function imagesWithStandIn(
  images: Readonly<Record<string, string>> | undefined,
  standIn: StandInMain | undefined,
): Readonly<Record<string, string>> | undefined {
  return standIn === undefined ? images : { ...images, [standIn.container]: STAND_IN_MAIN_IMAGE };
}

/** @throws {SitecarError} USAGE for a container without a port. */
export function planStandIn(
  container: SiteContainer,
  { port: chosen, writes }: StandInMain,
  targetPort: number | undefined,
): { readonly standIn: PlannedStandIn; readonly difference: Difference } {
  const port = chosen ?? targetPort;
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SitecarError("USAGE", {
      message:
        port === undefined
          ? `the stand-in for the container "${container.name}" has no port: the container names no targetPort.`
          : `the stand-in for the container "${container.name}" can't listen on port ${port}.`,
      remedy: 'give it one from 1 to 65535: `standIn: { container: "main", port: 8080 }`.',
    });
  }
  const does = writes === undefined ? "" : ` and creates a blob through "${writes.binding}" for each tick`;
  return {
    standIn: { port, ...(writes === undefined ? {} : { writes }) },
    difference: {
      subject: container.name,
      what: `image ${container.properties.image} replaced by sitecar's stand-in main, which answers 200 on port ${port}${does}`,
      why: "the caller of this run asked for it",
    },
  };
}
