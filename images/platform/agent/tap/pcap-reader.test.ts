import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PcapReader } from "./pcap-reader.ts";
import { decodePacket } from "./segment.ts";

function head({ magic = 0xa1b2c3d4, link = 1 } = {}): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt32LE(link, 20);
  return bytes;
}

function packet(seconds: number, micros: number, bytes: Buffer, length = bytes.length): Buffer {
  const before = Buffer.alloc(16);
  before.writeUInt32LE(seconds, 0);
  before.writeUInt32LE(micros, 4);
  before.writeUInt32LE(bytes.length, 8);
  before.writeUInt32LE(length, 12);
  return Buffer.concat([before, bytes]);
}

describe("a capture", () => {
  it("is cut into its packets, however it comes", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), lengths, (contents, cuts) => {
        const all = Buffer.concat([
          head(),
          ...contents.map((bytes, index) => packet(1_795_000_000, index, Buffer.from(bytes), 70)),
        ]);
        const reader = new PcapReader();
        const seen = [];
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const length = cuts[turn % cuts.length] ?? 1;
          seen.push(...reader.push(all.subarray(at, at + length)));
          at += length;
        }
        expect(seen.map(({ bytes }) => Buffer.from(bytes))).toEqual(contents.map((one) => Buffer.from(one)));
        expect(seen.map(({ wallMs, length }) => [Math.round(wallMs * 1000), length])).toEqual(
          contents.map((_, index) => [1_795_000_000_000_000 + index, 70]),
        );
      }),
    );
  });

  it("of something else is none", () => {
    expect(() => new PcapReader().push(head({ link: 113 }))).toThrow("not a capture of a loopback interface");
    expect(() => new PcapReader().push(Buffer.from("tcpdump: something else is wrong"))).toThrow(
      "not a capture",
    );
    const huge = packet(1, 1, Buffer.alloc(0));
    huge.writeUInt32LE(0x7fffffff, 8);
    expect(() => new PcapReader().push(Buffer.concat([head(), huge]))).toThrow(
      "a packet of 2147483647 bytes",
    );
  });
});

describe("a packet", () => {
  it("that can't be read is told of as what it is, and never ends the tap", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(0x0800, 0x86dd, 0x0806),
        (content, type) => {
          const bytes = Buffer.concat([
            Buffer.alloc(12),
            Buffer.from([type >> 8, type & 0xff]),
            Buffer.from(content),
          ]);
          expect(["tcp", "udp", "unreadable"]).toContain(
            decodePacket({ wallMs: 1, bytes, length: bytes.length }).kind,
          );
        },
      ),
    );
  });

  it("that is a fragment is not taken for a whole one", () => {
    const bytes = Buffer.alloc(60);
    bytes.writeUInt16BE(0x0800, 12);
    bytes.writeUInt8(0x45, 14);
    bytes.writeUInt16BE(0x2000, 20);
    bytes.writeUInt8(6, 23);
    expect(decodePacket({ wallMs: 1, bytes, length: 60 })).toEqual({
      kind: "unreadable",
      what: "a fragment of an IPv4 packet",
    });
  });
});
