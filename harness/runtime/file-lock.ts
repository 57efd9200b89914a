import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { delay } from "../shared/clock.ts";
import { identify, isAlive, type ProcessIdentity } from "../shared/process-identity.ts";

const LOOK_INTERVAL_MS = 50;

export interface FileLockOptions {
  /** Directory of the lock files; made when missing. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (holder: ProcessIdentity) => void;
}

interface Holder extends ProcessIdentity {
  readonly token: string;
}

/**
 * Takes the lock `name` among all processes of this machine; waits while a living process holds it. A lock whose
 * process is dead is taken over. Rejects with the signal's reason when aborted.
 */
export async function lockFile(name: string, options: FileLockOptions): Promise<AsyncDisposable> {
  await mkdir(options.directory, { recursive: true });
  const path = join(options.directory, `${name}.lock`);
  const self = identify(process.pid);
  const mine: Holder = { pid: process.pid, startedAt: self?.startedAt ?? "", token: randomUUID() };
  let told = false;
  while (!(await create(path, mine))) {
    const holder = await readHolder(path);
    if (holder !== undefined && !isAlive(holder)) {
      await takeAway(path, holder, mine);
      continue;
    }
    if (holder !== undefined && !told) {
      told = true;
      options.onWait?.(holder);
    }
    await delay(LOOK_INTERVAL_MS, options.signal);
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/** The whole file appears at once or not at all, so that nobody reads a half-written holder. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.token}`;
  try {
    await writeFile(draft, JSON.stringify(holder), { flag: "wx" });
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Renaming lets one of several waiters win. Should another one have won already and locked anew, what was renamed
 * is its living lock, and is put back.
 */
async function takeAway(path: string, dead: Holder, mine: Holder): Promise<void> {
  const aside = `${path}.${mine.token}.dead`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const taken = await readHolder(aside);
  if (taken === undefined || taken.token === dead.token) await rm(aside, { force: true });
  else await rename(aside, path);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isHolder(value) ? value : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT") || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "startedAt" in value &&
    typeof value.startedAt === "string" &&
    "token" in value &&
    typeof value.token === "string"
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
