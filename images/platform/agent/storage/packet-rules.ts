import { tell } from "../namespace.ts";
import { PATH_PORTS } from "./path-ports.ts";

/** What becomes of packets on the way to storage. */
export interface PacketRules {
  /** Which of Toxiproxy's ways new connections take; those that exist stay on theirs. */
  readonly way: "direct" | "front";
  /** Packets of storage's connections, in both directions, go nowhere. */
  readonly dropped: boolean;
  /** Connections that are older than this rule are reset when the client sends. */
  readonly resetOlder: boolean;
}

/** Of connections that began while {@link PacketRules.resetOlder} was in force. */
const YOUNGER = 1;

/** The rules as nftables reads them: one transaction, in which the rules before are replaced. */
export function packetRulesText(address: string, { way, dropped, resetOlder }: PacketRules): string {
  const ways = `{ ${PATH_PORTS.direct}, ${PATH_PORTS.front} }`;
  const toStorage = `ip daddr ${address} tcp dport ${ways}`;
  const fromStorage = `ip saddr ${address} tcp sport ${ways}`;
  return [
    "table ip sitecar",
    "flush table ip sitecar",
    "table ip sitecar {",
    "  chain lead {",
    "    type nat hook output priority -100;",
    `    ip daddr ${address} tcp dport 443 dnat to ${address}:${PATH_PORTS[way]}`,
    `    ip daddr ${address} meta l4proto { tcp, udp } th dport 53 dnat to ${address}:${PATH_PORTS.names}`,
    "  }",
    "  chain hinder {",
    "    type filter hook output priority 0;",
    ...(dropped ? [`    ${toStorage} drop`, `    ${fromStorage} drop`] : []),
    ...(resetOlder
      ? [
          `    ${toStorage} ct state new ct mark set ${YOUNGER}`,
          // What carries data: a late acknowledgement of what came before is no sending.
          `    ${toStorage} tcp flags & psh == psh ct mark != ${YOUNGER} reject with tcp reset`,
        ]
      : []),
    "  }",
    "}",
  ].join("\n");
}

/** @throws {Error} with what `nft` said. */
export async function applyPacketRules(address: string, rules: PacketRules): Promise<void> {
  await tell("nft", ["-f", "-"], packetRulesText(address, rules));
}
