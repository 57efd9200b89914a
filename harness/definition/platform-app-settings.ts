/** The app settings that App Service itself reads, and what they may say. */

/** What the platform's own app settings of a site say; absent where the site does not set them. */
export interface PlatformAppSettings {
  /** `WEBSITES_CONTAINER_START_TIME_LIMIT` (A2.6). */
  readonly startTimeLimitSeconds?: number;
  /** `WEBSITES_CONTAINER_STOP_TIME_LIMIT` (A7.1). */
  readonly stopTimeLimitSeconds?: number;
  /** `WEBSITE_WARMUP_PATH` (A2.6). */
  readonly warmUpPath?: string;
  /** `WEBSITE_WARMUP_STATUSES` (A2.6). */
  readonly warmUpStatuses?: readonly number[];
  /** Not `WEBSITE_DISABLE_OVERLAPPED_RECYCLING` (A3.8). */
  readonly overlappedRecycling?: boolean;
  /** `WEBSITE_HEALTHCHECK_MAXPINGFAILURES` (A2.8). */
  readonly healthCheckMaxPingFailures?: number;
  /** `WEBSITE_HEALTHCHECK_MAXUNHEALTHYWORKERPERCENT` (A2.8). */
  readonly healthCheckMaxUnhealthyWorkerPercent?: number;
  /** `WEBSITE_SWAP_WARMUP_PING_PATH` (A7.2). */
  readonly swapWarmUpPath?: string;
  /** `WEBSITE_SWAP_WARMUP_PING_STATUSES` (A7.2). */
  readonly swapWarmUpStatuses?: readonly number[];
}

/** A value that the platform's setting can't have. */
export interface WrongPlatformAppSetting {
  readonly message: string;
  readonly remedy: string;
}

type Reader = (value: string) => PlatformAppSettings | WrongPlatformAppSetting;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "WEBSITES_CONTAINER_START_TIME_LIMIT",
    whole("seconds", 10, 1800, (limit) => ({ startTimeLimitSeconds: limit })),
  ],
  [
    "WEBSITES_CONTAINER_STOP_TIME_LIMIT",
    whole("seconds", 0, 120, (limit) => ({ stopTimeLimitSeconds: limit })),
  ],
  ["WEBSITE_WARMUP_PATH", path("/robots933456.txt", (warmUpPath) => ({ warmUpPath }))],
  ["WEBSITE_WARMUP_STATUSES", statuses((warmUpStatuses) => ({ warmUpStatuses }))],
  [
    "WEBSITE_DISABLE_OVERLAPPED_RECYCLING",
    (value) => ({ overlappedRecycling: !["1", "true"].includes(value.trim().toLowerCase()) }),
  ],
  [
    "WEBSITE_HEALTHCHECK_MAXPINGFAILURES",
    whole("failures", 2, 10, (failures) => ({ healthCheckMaxPingFailures: failures })),
  ],
  [
    "WEBSITE_HEALTHCHECK_MAXUNHEALTHYWORKERPERCENT",
    whole("percent", 1, 100, (percent) => ({ healthCheckMaxUnhealthyWorkerPercent: percent })),
  ],
  ["WEBSITE_SWAP_WARMUP_PING_PATH", path("/", (swapWarmUpPath) => ({ swapWarmUpPath }))],
  ["WEBSITE_SWAP_WARMUP_PING_STATUSES", statuses((swapWarmUpStatuses) => ({ swapWarmUpStatuses }))],
]);

/** What one app setting says to the platform; nothing (`{}`) for a setting that is the app's alone. */
export function readPlatformAppSetting(
  name: string,
  value: string,
): PlatformAppSettings | WrongPlatformAppSetting {
  return READERS.get(name)?.(value) ?? {};
}

export function isWrong(
  reading: PlatformAppSettings | WrongPlatformAppSetting,
): reading is WrongPlatformAppSetting {
  return "remedy" in reading;
}

function whole(
  unit: string,
  least: number,
  most: number,
  setting: (limit: number) => PlatformAppSettings,
): Reader {
  return (value) => {
    const limit = /^\d{1,6}$/.test(value.trim()) ? Number.parseInt(value, 10) : Number.NaN;
    if (limit >= least && limit <= most) return setting(limit);
    return {
      message: `must be whole ${unit} from ${least} to ${most}, found ${JSON.stringify(value)}.`,
      remedy: `Write a number of ${unit} from ${least} to ${most}, or remove the setting for the default.`,
    };
  };
}

function path(byDefault: string, setting: (path: string) => PlatformAppSettings): Reader {
  return (value) => {
    if (/^\/\S*$/.test(value)) return setting(value);
    return {
      message: `must be a path that starts with a slash, found ${JSON.stringify(value)}.`,
      remedy: `Write a path such as "/healthz", or remove the setting for ${byDefault}.`,
    };
  };
}

function statuses(setting: (statuses: readonly number[]) => PlatformAppSettings): Reader {
  return (value) => {
    const parts = value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    if (parts.every((part) => /^[1-5]\d\d$/.test(part))) {
      return setting(parts.map((part) => Number.parseInt(part, 10)));
    }
    return {
      message: `must be HTTP statuses divided by commas, found ${JSON.stringify(value)}.`,
      remedy: 'Write statuses such as "200,202", or remove the setting to accept any status.',
    };
  };
}
