import { createHash } from "node:crypto";

/**
 * ARM's `uniqueString`: 64 bits of a MurmurHash (the first two lanes of MurmurHash3 for x86, 128 bits, with its own
 * mixing of the lanes) over the arguments joined by hyphens, as 13 letters of base 32. Azure does not document the
 * algorithm; this one gives the values that deployments gave (see the tests).
 */
export function uniqueString(parts: readonly string[]): string {
  let hash = murmurHash64(Buffer.from(parts.join("-"), "utf8"));
  let letters = "";
  for (let index = 0; index < 13; index++) {
    letters += "abcdefghijklmnopqrstuvwxyz234567"[Number(hash >> 59n)] ?? "";
    hash = BigInt.asUintN(64, hash << 5n);
  }
  return letters;
}

const LANE_ONE = 0x239b961b;
const LANE_TWO = 0xab0e9789;

function murmurHash64(bytes: Buffer): bigint {
  const { length } = bytes;
  const whole = length - (length % 8);
  let [one, two] = [0, 0];
  for (let at = 0; at < whole; at += 8) {
    one ^= mixLane(bytes.readUInt32LE(at), LANE_ONE, 15, LANE_TWO);
    one = (Math.imul((rotate(one, 19) + two) | 0, 5) + 0x561ccd1b) | 0;
    two ^= mixLane(bytes.readUInt32LE(at + 4), LANE_TWO, 17, LANE_ONE);
    two = (Math.imul((rotate(two, 13) + one) | 0, 5) + 0x0bcaa747) | 0;
  }
  const rest = Buffer.alloc(8);
  bytes.copy(rest, 0, whole);
  if (length > whole) one ^= mixLane(rest.readUInt32LE(0), LANE_ONE, 15, LANE_TWO);
  if (length - whole > 4) two ^= mixLane(rest.readUInt32LE(4), LANE_TWO, 17, LANE_ONE);
  two ^= length;
  one = ((one ^ length) + two) | 0;
  two = (two + one) | 0;
  one = avalanche(one);
  two = avalanche(two);
  one = (one + two) | 0;
  two = (two + one) | 0;
  return (BigInt(two >>> 0) << 32n) | BigInt(one >>> 0);
}

function mixLane(lane: number, first: number, turn: number, second: number): number {
  return Math.imul(rotate(Math.imul(lane, first), turn), second);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function avalanche(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const ARM_NAMESPACE = "11fb06fb712d4ddd98c7e71bbd588830";

/** ARM's `guid`: a name-based UUID (RFC 9562, version 5) of the arguments joined by hyphens, in ARM's namespace. */
export function guid(parts: readonly string[]): string {
  const digest = createHash("sha1")
    .update(Buffer.from(ARM_NAMESPACE, "hex"))
    .update(parts.join("-"), "utf8")
    .digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return digest.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
