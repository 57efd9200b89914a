import { expect, test } from "vitest";
import { packetRulesText } from "./packet-rules.ts";

const PASSING = { way: "direct", dropped: false, resetOlder: false } as const;

function chain(name: string, rules: Parameters<typeof packetRulesText>[1]): string[] {
  const [, lines = ""] =
    new RegExp(`chain ${name} \\{([^]*?)\\n  \\}`).exec(packetRulesText("169.254.129.4", rules)) ?? [];
  return lines
    .trim()
    .split("\n")
    .map((line) => line.trim());
}

test("the rules before are replaced in the same transaction, whether there were any or not", () => {
  expect(packetRulesText("169.254.129.4", PASSING).split("\n").slice(0, 3)).toEqual([
    "table ip sitecar",
    "flush table ip sitecar",
    "table ip sitecar {",
  ]);
});

test.each([
  ["direct", 25_443],
  ["front", 25_444],
] as const)("port 443 of the address is led to the %s way, and port 53 to the name server", (way, port) => {
  expect(chain("lead", { ...PASSING, way })).toEqual([
    "type nat hook output priority -100;",
    `ip daddr 169.254.129.4 tcp dport 443 dnat to 169.254.129.4:${port}`,
    "ip daddr 169.254.129.4 meta l4proto { tcp, udp } th dport 53 dnat to 169.254.129.4:25053",
  ]);
});

test("nothing is hindered unless it is asked for", () => {
  expect(chain("hinder", PASSING)).toEqual(["type filter hook output priority 0;"]);
});

test("packets are dropped in both directions, on both ways, and on no other port", () => {
  expect(chain("hinder", { ...PASSING, dropped: true }).slice(1)).toEqual([
    "ip daddr 169.254.129.4 tcp dport { 25443, 25444 } drop",
    "ip saddr 169.254.129.4 tcp sport { 25443, 25444 } drop",
  ]);
});

test("older connections are reset when they carry data; younger ones are known by a mark", () => {
  expect(chain("hinder", { ...PASSING, resetOlder: true }).slice(1)).toEqual([
    "ip daddr 169.254.129.4 tcp dport { 25443, 25444 } ct state new ct mark set 1",
    "ip daddr 169.254.129.4 tcp dport { 25443, 25444 } tcp flags & psh == psh ct mark != 1 reject with tcp reset",
  ]);
});
