import { SocketAddress } from "node:net";

/** What matters of a TCP segment. */
export interface Segment {
  readonly wallMs: number;
  /** `address:port`, as a key. */
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly sequence: number;
  /** Absent: the segment acknowledges nothing. */
  readonly acknowledged?: number;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly reset: boolean;
  readonly payload: Buffer;
  /** Bytes of the payload that were cut off by the capture. */
  readonly cutOff: number;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A datagram, which nobody but the tap itself sends to where it looks. */
export interface Datagram {
  readonly port: number;
  readonly payload: Buffer;
}

export type Decoded =
  | { readonly kind: "tcp"; readonly segment: Segment }
  | { readonly kind: "udp"; readonly datagram: Datagram }
  /** Not to be read: a fragment, or broken. */
  | { readonly kind: "unreadable"; readonly what: string };

const LINK_HEADER_BYTES = 14;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TCP = 6;
const UDP = 17;
/** IPv6's headers that can stand before TCP's: hop-by-hop, routing, destination options. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);

/** Takes an Ethernet frame apart. `length` is its length on the wire. */
export function decodePacket(packet: {
  readonly wallMs: number;
  readonly bytes: Buffer;
  readonly length: number;
}): Decoded {
  const { bytes } = packet;
  if (bytes.length < LINK_HEADER_BYTES) return unreadable("a packet without a head");
  const type = bytes.readUInt16BE(12);
  if (type === IPV4) return decodeIpv4(packet);
  if (type === IPV6) return decodeIpv6(packet);
  return unreadable(`a packet of type ${type.toString(16)}`);
}

type Packet = Parameters<typeof decodePacket>[0];

function decodeIpv4(packet: Packet): Decoded {
  const ip = packet.bytes.subarray(LINK_HEADER_BYTES);
  if (ip.length < 20) return unreadable("an IPv4 packet without a head");
  const headBytes = (ip.readUInt8(0) & 0x0f) * 4;
  if ((ip.readUInt16BE(6) & 0x3fff) !== 0) return unreadable("a fragment of an IPv4 packet");
  // A segment that the kernel has not cut yet can be longer than the field can say; it then says 0.
  const length = ip.readUInt16BE(2) || packet.length - LINK_HEADER_BYTES;
  const addresses = { source: ipv4(ip.subarray(12, 16)), destination: ipv4(ip.subarray(16, 20)) };
  return decodeTransport(packet, ip.readUInt8(9), {
    addresses,
    bytes: ip.subarray(headBytes, length),
    length: length - headBytes,
  });
}

function decodeIpv6(packet: Packet): Decoded {
  const ip = packet.bytes.subarray(LINK_HEADER_BYTES);
  if (ip.length < 40) return unreadable("an IPv6 packet without a head");
  const length = ip.readUInt16BE(4) || packet.length - LINK_HEADER_BYTES - 40;
  const addresses = { source: ipv6(ip.subarray(8, 24)), destination: ipv6(ip.subarray(24, 40)) };
  let next = ip.readUInt8(6);
  let offset = 40;
  while (EXTENSIONS.has(next) && ip.length >= offset + 8) {
    next = ip.readUInt8(offset);
    offset += (ip.readUInt8(offset + 1) + 1) * 8;
  }
  return decodeTransport(packet, next, {
    addresses,
    bytes: ip.subarray(offset, 40 + length),
    length: 40 + length - offset,
  });
}

interface Transport {
  readonly addresses: { readonly source: string; readonly destination: string };
  /** As far as they were captured. */
  readonly bytes: Buffer;
  readonly length: number;
}

function decodeTransport(packet: Packet, protocol: number, transport: Transport): Decoded {
  if (protocol === TCP) return decodeTcp(packet, transport);
  if (protocol === UDP && transport.bytes.length >= 8) {
    const { bytes } = transport;
    return { kind: "udp", datagram: { port: bytes.readUInt16BE(2), payload: bytes.subarray(8) } };
  }
  return unreadable(`a packet of protocol ${protocol}`);
}

function decodeTcp(packet: Packet, { addresses, bytes, length }: Transport): Decoded {
  const headBytes = bytes.length < 20 ? 20 : (bytes.readUInt8(12) >> 4) * 4;
  if (bytes.length < headBytes) return unreadable("a TCP segment without a head");
  const flags = bytes.readUInt8(13);
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const payload = bytes.subarray(headBytes);
  return {
    kind: "tcp",
    segment: {
      wallMs: packet.wallMs,
      source: { address: addresses.source, port: bytes.readUInt16BE(0) },
      destination: { address: addresses.destination, port: bytes.readUInt16BE(2) },
      sequence: bytes.readUInt32BE(4),
      ...(has(0x10) ? { acknowledged: bytes.readUInt32BE(8) } : {}),
      syn: has(0x02),
      fin: has(0x01),
      reset: has(0x04),
      payload,
      cutOff: Math.max(0, length - headBytes - payload.length),
    },
  };
}

function unreadable(what: string): Decoded {
  return { kind: "unreadable", what };
}

function ipv4(bytes: Buffer): string {
  return bytes.join(".");
}

const written = new Map<string, string>();

/** In its usual form, for example `::1`. The few addresses of a loopback are formed once. */
function ipv6(bytes: Buffer): string {
  const key = bytes.toString("hex");
  const known = written.get(key);
  if (known !== undefined) return known;
  const address = new SocketAddress({
    family: "ipv6",
    address: (key.match(/.{4}/g) ?? []).join(":"),
  }).address;
  if (written.size < 1000) written.set(key, address);
  return address;
}
