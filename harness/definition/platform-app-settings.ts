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
    (value) => seconds(value, 10, 1800, (limit) => ({ startTimeLimitSeconds: limit })),
  ],
  [
    "WEBSITES_CONTAINER_STOP_TIME_LIMIT",
    (value) => seconds(value, 0, 120, (limit) => ({ stopTimeLimitSeconds: limit })),
  ],
  ["WEBSITE_WARMUP_PATH", warmUpPath],
  ["WEBSITE_WARMUP_STATUSES", warmUpStatuses],
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

function seconds(
  value: string,
  least: number,
  most: number,
  setting: (limit: number) => PlatformAppSettings,
): PlatformAppSettings | WrongPlatformAppSetting {
  const limit = /^\d{1,6}$/.test(value.trim()) ? Number.parseInt(value, 10) : Number.NaN;
  if (limit >= least && limit <= most) return setting(limit);
  return {
    message: `must be whole seconds from ${least} to ${most}, found ${JSON.stringify(value)}.`,
    remedy: `Write a number of seconds from ${least} to ${most}, or remove the setting for the default.`,
  };
}

function warmUpPath(value: string): PlatformAppSettings | WrongPlatformAppSetting {
  if (/^\/\S*$/.test(value)) return { warmUpPath: value };
  return {
    message: `must be a path that starts with a slash, found ${JSON.stringify(value)}.`,
    remedy: 'Write a path such as "/healthz", or remove the setting for /robots933456.txt.',
  };
}

function warmUpStatuses(value: string): PlatformAppSettings | WrongPlatformAppSetting {
  const parts = value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.every((part) => /^[1-5]\d\d$/.test(part))) {
    return { warmUpStatuses: parts.map((part) => Number.parseInt(part, 10)) };
  }
  return {
    message: `must be HTTP statuses divided by commas, found ${JSON.stringify(value)}.`,
    remedy: 'Write statuses such as "200,202", or remove the setting to accept any status.',
  };
}
