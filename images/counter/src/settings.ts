/** What the app reads from its environment. */
export interface Settings {
  readonly port: number;
  /** For example `redis://127.0.0.1:6379`. */
  readonly cacheUrl: string;
  /** `true`: the app ends when the cache can't be reached at its start; default: it comes up and waits for it. */
  readonly cacheRequired: boolean;
}

/** @throws an error that names the variable */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const port = Number(environment["PORT"]);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT must be a port, found ${JSON.stringify(environment["PORT"])}`);
  }
  const cacheUrl = environment["REDIS_URL"] ?? "";
  if (!URL.canParse(cacheUrl)) throw new Error(`REDIS_URL must be a URL, found ${JSON.stringify(cacheUrl)}`);
  return { port, cacheUrl, cacheRequired: environment["CACHE_REQUIRED"] === "true" };
}
