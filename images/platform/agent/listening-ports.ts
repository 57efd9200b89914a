import { closeSync, openSync, readSync } from "node:fs";
import { Pause, repeat } from "./pause.ts";
import type { Reporter } from "./report.ts";
import { parseSocketTable, type ListeningSocket } from "./socket-table.ts";

/** A safety net: an opening and a closing between two looks leave the count of sockets as it was. */
const FULL_READ_EVERY_LOOKS = 40;
/** The kernel hands out at most one page of lines per read. */
const PAGE_BYTES = 4096;
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

export interface ListeningPortsOptions {
  readonly intervalMs: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Sockets that are the harness's or the engine's own. */
  readonly ignored: (socket: ListeningSocket) => boolean;
  readonly onChange: (port: number) => void;
}

/**
 * Reports listening sockets as they come and go. Reading the socket table makes the kernel walk its whole hash of
 * connections (1.7 ms for 262,144 buckets), so the table is read only when the count of sockets has changed, which
 * costs some microseconds to see, and otherwise each 40th look.
 */
export async function watchListeningPorts(options: ListeningPortsOptions): Promise<void> {
  const { intervalMs, reporter, signal, ignored, onChange } = options;
  const counts = ["/proc/net/sockstat", "/proc/net/sockstat6"].map((path) => new KernelText(path));
  const tables = TABLES.map((path) => new KernelText(path));
  let known: Places = new Map();
  let lastCount = "";
  let looksSinceFullRead = 0;

  const look = (): number => {
    const count = counts.map((text) => /^TCP6?: inuse (\d+)/m.exec(text.readPage())?.[1]).join("+");
    if (count === lastCount && ++looksSinceFullRead < FULL_READ_EVERY_LOOKS) return intervalMs;
    looksSinceFullRead = 0;
    lastCount = count;
    const current = placesOf(tables.flatMap(readListening).filter((socket) => !ignored(socket)));
    const changes = [
      ...difference(known, current).map((socket) => ({ change: "closed" as const, ...socket })),
      ...difference(current, known).map((socket) => ({ change: "opened" as const, ...socket })),
    ];
    known = current;
    for (const { change, port, address } of changes) {
      reporter.report({ type: "port", change, port, address });
      onChange(port);
    }
    return intervalMs;
  };
  await repeat(look, {
    pause: new Pause(),
    signal,
    intervalAfterErrorMs: 1000,
    onError: (error) => reporter.failure("ports", error instanceof Error ? error.message : String(error)),
  });
  for (const text of [...counts, ...tables]) text.close();
}

/** What listens in the namespace now. */
export function listeningSockets(): readonly ListeningSocket[] {
  const tables = TABLES.map((path) => new KernelText(path));
  try {
    return tables.flatMap(readListening);
  } finally {
    for (const table of tables) table.close();
  }
}

/** Reads the listening sockets at the head of a table and not the connections behind them. */
function readListening(table: KernelText): ListeningSocket[] {
  const found: ListeningSocket[] = [];
  for (const page of table.pages()) {
    const { listening, onlyListening } = parseSocketTable(page);
    found.push(...listening);
    if (!onlyListening) break;
  }
  return found;
}

/** Where something listens. Several sockets can share a place (SO_REUSEPORT). */
type Places = Map<string, { readonly socket: ListeningSocket; readonly inodes: Set<string> }>;

function placesOf(sockets: readonly ListeningSocket[]): Places {
  const places: Places = new Map();
  for (const socket of sockets) {
    const key = `${socket.address} ${socket.port}`;
    const place = places.get(key) ?? { socket, inodes: new Set<string>() };
    if (socket.inode !== undefined) place.inodes.add(socket.inode);
    places.set(key, place);
  }
  return places;
}

/** Where something listens in `a`, and nothing or something else in `b`: a process can end and be back between two looks. */
function difference(a: Places, b: Places): ListeningSocket[] {
  return [...a]
    .filter(([key, { inodes }]) => {
      const other = b.get(key)?.inodes;
      if (other === undefined) return true;
      return inodes.size > 0 && other.size > 0 && ![...inodes].some((inode) => other.has(inode));
    })
    .map(([, { socket }]) => socket);
}

/** A file of /proc, kept open. A host without IPv6 has no `…6` files; such a file reads as empty. */
class KernelText {
  readonly #descriptor: number | null;
  readonly #buffer = Buffer.allocUnsafe(PAGE_BYTES);

  constructor(path: string) {
    this.#descriptor = openIfThere(path);
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
  }

  readPage(offset = 0): string {
    if (this.#descriptor === null) return "";
    const length = readSync(this.#descriptor, this.#buffer, 0, PAGE_BYTES, offset);
    return this.#buffer.toString("latin1", 0, length);
  }

  /** Whole lines, a page at a time; the read that would only find the end is left out, as it costs a full walk. */
  *pages(): Generator<string> {
    const longestLineBytes = 512;
    for (let offset = 0; ;) {
      const page = this.readPage(offset);
      if (page === "") return;
      yield page;
      if (page.length < PAGE_BYTES - longestLineBytes) return;
      offset += page.length;
    }
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
