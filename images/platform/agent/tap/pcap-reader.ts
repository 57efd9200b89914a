/** One packet as it was captured. */
export interface CapturedPacket {
  /** Milliseconds since the epoch, to the microsecond, by the kernel's clock. */
  readonly wallMs: number;
  /** From the link layer on. */
  readonly bytes: Buffer;
  /** Its length on the wire; more than `bytes` has where it was cut. */
  readonly length: number;
}

const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;
const MAGIC = 0xa1b2c3d4;
/** The only link layer that a loopback interface of Linux has. */
const ETHERNET = 1;
/** Larger than any packet can be: a length beyond says that the stream is not what it should be. */
const MOST_BYTES = 1 << 24;

/** Takes a pcap stream apart, however it was cut into pieces. */
export class PcapReader {
  #rest: Buffer = Buffer.alloc(0);
  #isOpened = false;

  /** The packets that are complete now. @throws {Error} when it is no pcap stream of a loopback interface. */
  push(chunk: Buffer): readonly CapturedPacket[] {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = bytes;
    if (!this.#isOpened) {
      if (bytes.length < FILE_HEADER_BYTES) return [];
      checkFileHeader(bytes);
      this.#isOpened = true;
      bytes = bytes.subarray(FILE_HEADER_BYTES);
    }
    const packets: CapturedPacket[] = [];
    let offset = 0;
    while (bytes.length - offset >= PACKET_HEADER_BYTES) {
      const captured = bytes.readUInt32LE(offset + 8);
      if (captured > MOST_BYTES) throw new Error(`the capture has a packet of ${captured} bytes`);
      const end = offset + PACKET_HEADER_BYTES + captured;
      if (bytes.length < end) break;
      packets.push({
        wallMs: bytes.readUInt32LE(offset) * 1000 + bytes.readUInt32LE(offset + 4) / 1000,
        bytes: bytes.subarray(offset + PACKET_HEADER_BYTES, end),
        length: bytes.readUInt32LE(offset + 12),
      });
      offset = end;
    }
    this.#rest = bytes.subarray(offset);
    return packets;
  }
}

function checkFileHeader(bytes: Buffer): void {
  const magic = bytes.readUInt32LE(0);
  const link = bytes.readUInt32LE(20);
  if (magic !== MAGIC || link !== ETHERNET) {
    throw new Error(`not a capture of a loopback interface: magic ${magic.toString(16)}, link ${link}`);
  }
}
