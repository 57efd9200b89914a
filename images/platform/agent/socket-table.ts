/** A listening TCP socket. IPv6 addresses are written without brackets. */
export interface ListeningSocket {
  readonly address: string;
  readonly port: number;
  /** The kernel's, of this socket alone: another one at the same place has another. */
  readonly inode?: string;
}

const LISTEN = "0A";
const LINE =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) (?:\S+ \S+ \S+ +\d+ +\d+ (\d+) )?/;

export interface SocketTablePart {
  readonly listening: readonly ListeningSocket[];
  /** False: a socket in another state was seen, after which the kernel lists no more listening ones. */
  readonly onlyListening: boolean;
}

/**
 * Reads lines of `/proc/net/tcp` or `/proc/net/tcp6`; a heading is skipped.
 * @throws {Error} on a line that is neither.
 */
export function parseSocketTable(text: string): SocketTablePart {
  const listening: ListeningSocket[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.includes("local_address")) continue;
    const match = LINE.exec(line);
    if (!match) throw new Error(`not a line of a socket table: ${JSON.stringify(line)}`);
    const [, address = "", port = "", state, inode] = match;
    if (state !== LISTEN) return { listening, onlyListening: false };
    listening.push({
      address: address.length === 8 ? ipv4(address) : ipv6(address),
      port: Number.parseInt(port, 16),
      ...(inode === undefined ? {} : { inode }),
    });
  }
  return { listening, onlyListening: true };
}

/** The kernel prints each 32-bit word in the machine's order; all machines we run on are little-endian. */
function bytesOf(word: string): number[] {
  return [6, 4, 2, 0].map((at) => Number.parseInt(word.slice(at, at + 2), 16));
}

function ipv4(hex: string): string {
  return bytesOf(hex).join(".");
}

function ipv6(hex: string): string {
  const bytes = [0, 8, 16, 24].flatMap((at) => bytesOf(hex.slice(at, at + 8)));
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) {
    return `::ffff:${bytes.slice(12).join(".")}`;
  }
  const groups = Array.from({ length: 8 }, (_, group) =>
    (((bytes[group * 2] ?? 0) << 8) | (bytes[group * 2 + 1] ?? 0)).toString(16),
  );
  return shorten(groups);
}

/** The longest run of two or more zero groups becomes `::` (RFC 5952). */
function shorten(groups: readonly string[]): string {
  let longest = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > longest.length) longest = { start, length };
  }
  if (longest.length < 2) return groups.join(":");
  const before = groups.slice(0, longest.start).join(":");
  const after = groups.slice(longest.start + longest.length).join(":");
  return `${before}::${after}`;
}
