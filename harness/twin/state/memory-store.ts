import { GoError } from "../go/json-node.ts";
import type { Surroundings } from "../surroundings.ts";

export interface StateItem {
  /** As Go marshalled it. */
  readonly data: string;
  readonly etag: string;
  readonly expiresAt?: Date;
}

/** What of a request bears on whether it is done. */
export interface StateCondition {
  readonly key: string;
  readonly etag?: string;
  readonly concurrency: string;
}

export interface StateWrite extends StateCondition {
  readonly data: string;
  readonly consistency: string;
  readonly ttlInSeconds: string;
}

/** The value that is there is another one than the caller knew: 409 instead of 500. */
export class EtagMismatch extends GoError {
  constructor(message: string) {
    super(`possible etag mismatch. error from state store: ${message}`);
  }
}

/** `state.in-memory`. */
export class MemoryStore {
  readonly #items = new Map<string, StateItem>();
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get(key: string): StateItem | undefined {
    const item = this.#items.get(key);
    if (item?.expiresAt !== undefined && this.#surroundings.now() > item.expiresAt) {
      this.#items.delete(key);
      return undefined;
    }
    return item;
  }

  /** @throws {GoError} */
  set(write: StateWrite): void {
    this.check(write);
    this.put(write);
  }

  /** Everything that could refuse the write. @throws {GoError} */
  check(write: StateWrite): void {
    checkOptions(write);
    secondsOf(write.ttlInSeconds);
    this.#checkEtag(write);
  }

  put({ key, data, ttlInSeconds }: StateWrite): void {
    const seconds = secondsOf(ttlInSeconds);
    const expiresAt =
      seconds > 0 ? { expiresAt: new Date(this.#surroundings.now().getTime() + seconds * 1000) } : {};
    this.#items.set(key, { data, etag: this.#surroundings.uuid(), ...expiresAt });
  }

  /** @throws {GoError} */
  delete(condition: StateCondition & { readonly consistency: string }): void {
    checkOptions(condition);
    this.checkDelete(condition);
    this.remove(condition.key);
  }

  /** @throws {GoError} */
  checkDelete(condition: StateCondition): void {
    this.#checkEtag(condition);
  }

  remove(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }

  #checkEtag({ key, etag, concurrency }: StateCondition): void {
    const item = this.get(key);
    if (etag === undefined || etag === "") {
      if (concurrency === "first-write" && item !== undefined) {
        throw new EtagMismatch("item already exists and no etag was passed");
      }
      return;
    }
    if (item === undefined) throw new EtagMismatch(`state not exist or expired for key=${key}`);
    if (item.etag !== etag) {
      throw new EtagMismatch(`state etag not match for key=${key}: current=${item.etag}, expect=${etag}`);
    }
  }
}

function checkOptions({ consistency, concurrency }: { consistency: string; concurrency: string }): void {
  if (!["", "strong", "eventual"].includes(consistency)) {
    throw new GoError(`unrecognized consistency model '${consistency}'`);
  }
  if (!["", "first-write", "last-write"].includes(concurrency)) {
    throw new GoError(`unrecognized concurrency model '${concurrency}'`);
  }
}

function secondsOf(text: string): number {
  if (text === "") return 0;
  if (!/^[+-]?\d+$/.test(text))
    throw new GoError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, Number(text));
}
