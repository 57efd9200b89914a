import path from "node:path";
import type { RunRecord } from "../contracts/run-record.ts";
import { SitecarError } from "../errors/index.ts";
import { exchangesOf } from "../wire/exchange.ts";
import { notTapped } from "../wire/not-tapped.ts";
import type { Recording } from "./record-pacts.ts";

/** Which of a site's containers the contracts are between. */
export interface Sides {
  /** Default: the site's main. */
  readonly main?: string;
  /** Default: the site's Dapr sidecar, where it has one. */
  readonly sidecar?: string;
}

const REMEDY =
  "record from a run with the tap: `sitecar up --tap`, or `sitecar contract record <site>`, which taps by itself.";

/**
 * What contracts can be recorded from a finished run.
 * @throws {SitecarError} NOT_TAPPED; NO_EXCHANGES where the two did not speak; CONTAINER_UNKNOWN; USAGE where it is not clear which the sidecar is.
 */
export function recordingOf(record: RunRecord, sides: Sides = {}): Recording {
  const { plan, events, componentFiles, runDirectory } = record;
  const known = plan.containers.map(({ name }) => name);
  const main = sides.main ?? plan.mainContainer;
  const sidecars = plan.daprSidecars.map(({ container }) => container);
  const sidecar = sides.sidecar ?? (sidecars.length === 1 ? sidecars[0] : undefined);
  if (sidecar === undefined) {
    throw new SitecarError("USAGE", {
      message: `the site "${plan.site}" has ${sidecars.length === 0 ? "no Dapr sidecar" : "several Dapr sidecars"}.`,
      observations: [{ label: "containers", value: known.join(", ") }],
      remedy: "name it with --sidecar, or in the site's daprSidecars.",
    });
  }
  for (const name of [main, sidecar]) {
    if (known.includes(name)) continue;
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `the site "${plan.site}" has no container "${name}".`,
      observations: [{ label: "known", value: known.join(", ") }],
      remedy: "name one of these.",
    });
  }
  const exchanges = exchangesOf(events);
  const between = exchanges.filter(({ from, to }) =>
    [`${main} ${sidecar}`, `${sidecar} ${main}`].includes(`${from.container} ${to.container}`),
  );
  const run = path.basename(runDirectory);
  if (exchanges.length === 0) throw notTapped(run, REMEDY);
  if (between.length === 0) {
    throw new SitecarError("NO_EXCHANGES", {
      message: `the run ${run} has no exchanges between ${main} and ${sidecar}.`,
      observations: [
        {
          label: "seen",
          value: [
            ...new Set(
              exchanges.map(({ from, to }) => `${from.container ?? "?"} asked ${to.container ?? "?"}`),
            ),
          ].join("\n"),
        },
      ],
      remedy:
        "name the two containers with --main and --sidecar, or let the run go on until they have spoken.",
    });
  }
  const components = (componentFiles.get(sidecar) ?? []).flatMap((file) => file.components);
  return { exchanges, site: plan.site, main, sidecar, components };
}
