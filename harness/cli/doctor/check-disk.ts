import { formatBytes, gibibytes, mebibytes, ok, problem, warning, type Finding } from "./finding.ts";

const CHECK = "disk";

/** What a run itself writes: container layers, logs, the record. */
const A_RUN_BYTES = mebibytes(200);

/** The images of the example. */
const IMAGES_BYTES = gibibytes(2);

/** Go's modules and build cache for daprd, beside the images. */
const COMPILE_BYTES = gibibytes(4);

export interface Place {
  /** For example `images and containers`. */
  readonly what: string;
  readonly directory: string;
  /** `undefined`: not to be seen from here. */
  readonly freeBytes: number | undefined;
  readonly use: "run" | "images" | "compile";
}

const NEEDED: Readonly<Record<Place["use"], number>> = {
  run: A_RUN_BYTES,
  images: IMAGES_BYTES,
  compile: COMPILE_BYTES,
};

/** @param imagesAreThere nothing is pulled or made any more, so only runs need room. */
export function checkDisk(place: Place, imagesAreThere: boolean): Finding {
  const { what, directory, freeBytes } = place;
  if (freeBytes === undefined) return ok(CHECK, `${what}: ${directory}, not to be seen from here`);
  const summary = `${what}: ${formatBytes(freeBytes)} are free in ${directory}`;
  if (freeBytes < A_RUN_BYTES) {
    return problem(
      CHECK,
      `${summary}; a run needs ${formatBytes(A_RUN_BYTES)}`,
      "make room, for example with `docker system prune`",
    );
  }
  const needed = NEEDED[place.use];
  if (imagesAreThere || freeBytes >= needed) return ok(CHECK, summary);
  return warning(
    CHECK,
    `${summary}; making the images can take ${formatBytes(needed)} there`,
    "make room, for example with `docker system prune`, or keep the cache elsewhere (SITECAR_CACHE_DIR, GOCACHE, GOMODCACHE)",
  );
}
