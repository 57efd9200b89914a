import { SitecarError } from "../../errors/index.ts";

interface EngineFailure {
  readonly statusCode: number | undefined;
  readonly networkCode: string | undefined;
  readonly message: string;
}

/** Codes that speak of the engine's socket only when they come from connecting to it. */
const FILE_CODES = new Set(["ENOENT", "EACCES"]);

/** Codes of Node's network layer that mean that nobody answers on the engine's socket any more. */
const GONE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "EACCES",
  "ENOTFOUND",
  "EHOSTUNREACH",
]);

/**
 * Turns any failure of an engine call into a {@link SitecarError}; one that already is a SitecarError is handed back as it is.
 * Codes: `ENGINE_GONE` (nobody answers), `PORT_TAKEN`, `NO_SPACE`, `IMAGE_NOT_FOUND`, otherwise `ENGINE_REFUSED`.
 *
 * @param doing an infinitive with its object, for example `start container "web"`
 */
export function engineError(error: unknown, doing: string): SitecarError {
  if (error instanceof SitecarError) return error;
  const failure = failureOf(error);
  const observations = [
    {
      label: "engine",
      value:
        failure.statusCode === undefined
          ? `${failure.networkCode ?? "no answer"}: ${failure.message}`
          : `HTTP ${failure.statusCode}: ${failure.message}`,
    },
  ];
  if (isGone(failure)) {
    return new SitecarError("ENGINE_GONE", {
      message: `the container engine stopped answering; could not ${doing}.`,
      observations,
      remedy: "see whether the engine still runs (`docker version`) and read its log, then run again.",
      cause: error,
    });
  }
  if (/port is already allocated|address already in use/i.test(failure.message)) {
    return new SitecarError("PORT_TAKEN", {
      message: `a port is in use; could not ${doing}.`,
      observations,
      remedy: "end what listens there (`ss -ltnp`), or remove what a dead run left: `sitecar prune`.",
      cause: error,
    });
  }
  if (/no space left on device/i.test(failure.message)) {
    return new SitecarError("NO_SPACE", {
      message: `the engine's disk is full; could not ${doing}.`,
      observations,
      remedy:
        "make room, for example with `docker system prune` or `sitecar images --remove`, then run again.",
      cause: error,
    });
  }
  if (
    failure.statusCode === 404 &&
    /no such image|manifest unknown|not found: manifest/i.test(failure.message)
  ) {
    return new SitecarError("IMAGE_NOT_FOUND", {
      message: `the engine has no such image; could not ${doing}.`,
      observations,
      remedy: "check the image's name, pull it or say how it is built; `sitecar images` lists what is there.",
      cause: error,
    });
  }
  return new SitecarError("ENGINE_REFUSED", {
    message: `the engine refused to ${doing}.`,
    observations,
    remedy: "the engine's own words above say why; `sitecar doctor` looks at the engine as a whole.",
    cause: error,
  });
}

/** True when the error says that the thing asked for does not exist (HTTP 404). */
export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** True when the engine answered a call with this HTTP status. */
export function hasStatus(error: unknown, statusCode: number): boolean {
  return failureOf(error).statusCode === statusCode;
}

function isGone({ statusCode, networkCode, message }: EngineFailure): boolean {
  if (statusCode !== undefined) return false;
  return (networkCode !== undefined && GONE.has(networkCode)) || /socket hang up/i.test(message);
}

/** Reads dockerode's error shape (`statusCode`, `json.message`) and Node's (`code`) without trusting either. */
function failureOf(error: unknown): EngineFailure {
  if (typeof error !== "object" || error === null) {
    return { statusCode: undefined, networkCode: undefined, message: String(error) };
  }
  const statusCode =
    "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  // A file that is missing has the same code as a socket that is.
  const ofFile =
    code !== undefined && FILE_CODES.has(code) && !("syscall" in error && error.syscall === "connect");
  const networkCode = ofFile ? undefined : code;
  return { statusCode, networkCode, message: engineWords(error) };
}

function engineWords(error: object): string {
  if ("json" in error && typeof error.json === "object" && error.json !== null && "message" in error.json) {
    return String(error.json.message);
  }
  return "message" in error ? String(error.message) : "unknown failure";
}
