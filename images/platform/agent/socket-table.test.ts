import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSocketTable } from "./socket-table.ts";

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 0100007F:4A38 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31420 1 00000000c8fc418c 100 0 0 10 0                     
   1: 0281FEA9:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 78313 1 000000003ceaa1de 100 0 0 10 0                     
   2: 0100007F:E858 0100007F:34BC 06 00000000:00000000 03:0000176D 00000000     0        0 0 3 000000007a3a302e                                      
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:34BC 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31423 2 00000000702fab33 100 0 0 10 0
   1: 00000000000000000000000001000000:0DAC 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 30339 2 0000000053367a62 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:C351 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 30339 2 0000000053367a62 100 0 0 10 0
`;

describe("the kernel's socket tables", () => {
  test("listening IPv4 sockets up to the first connection", () => {
    expect(parseSocketTable(TCP)).toEqual({
      listening: [
        { address: "127.0.0.1", port: 19000, inode: "31420" },
        { address: "169.254.129.2", port: 8081, inode: "78313" },
      ],
      onlyListening: false,
    });
  });

  test("IPv6: any, loopback and mapped IPv4", () => {
    expect(parseSocketTable(TCP6)).toEqual({
      listening: [
        { address: "::", port: 13500, inode: "31423" },
        { address: "::1", port: 3500, inode: "30339" },
        { address: "::ffff:127.0.0.1", port: 50001, inode: "30339" },
      ],
      onlyListening: true,
    });
  });

  test("a line that is none is an error that shows it", () => {
    expect(() => parseSocketTable("   0: nonsense\n")).toThrow("nonsense");
  });

  test("any IPv4 address and port comes back as it went in", () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), fc.nat(65_535), (octets, port) => {
        const hex = octets.toReversed().map(hexByte).join("").toUpperCase();
        const line = `  12: ${hex}:${hexPort(port)} 00000000:0000 0A 00000000:00000000 00:00000000`;
        expect(parseSocketTable(line).listening).toEqual([{ address: octets.join("."), port }]);
      }),
    );
  });

  test("any IPv6 address is the one the URL standard reads and writes", () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, fc.nat(65_535), (address, port) => {
        fc.pre(!(address.slice(0, 5).every((group) => group === 0) && address[5] === 0xffff));
        const bytes = address.flatMap((group) => [group >> 8, group & 0xff]);
        const hex = [0, 4, 8, 12]
          .map((at) =>
            bytes
              .slice(at, at + 4)
              .toReversed()
              .map(hexByte)
              .join(""),
          )
          .join("")
          .toUpperCase();
        const line = `   0: ${hex}:${hexPort(port)} ${"0".repeat(32)}:0000 0A 00000000:00000000 00:00000000`;
        const standard = new URL(`http://[${address.map((group) => group.toString(16)).join(":")}]`).hostname;
        expect(parseSocketTable(line).listening).toEqual([{ address: standard.slice(1, -1), port }]);
      }),
    );
  });
});

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function hexPort(port: number): string {
  return port.toString(16).padStart(4, "0").toUpperCase();
}
