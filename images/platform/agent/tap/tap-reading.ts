import type { AgentConfiguration } from "../../../../harness/platform/agent-protocol.ts";
import daprMessages from "./dapr-messages.json" with { type: "json" };
import { MessageTypes } from "./message-types.ts";
import { PcapReader } from "./pcap-reader.ts";
import { exchangeLine, gapLine } from "./report-lines.ts";
import { SecretMask } from "./secret-mask.ts";
import type { Datagram } from "./segment.ts";
import { WireNames } from "./wire-names.ts";
import { WireReader } from "./wire-reader.ts";

export interface TapReadingOptions {
  readonly configuration: AgentConfiguration;
  /** Gets each report as a line. */
  readonly line: (line: string) => void;
  readonly onDatagram: (datagram: Datagram) => void;
}

/** From what was captured to reports of it. */
export class TapReading {
  readonly #packets = new PcapReader();
  readonly #wire: WireReader;

  constructor({ configuration, line, onDatagram }: TapReadingOptions) {
    const { tap, identity } = configuration;
    if (tap === null) throw new TypeError("unreachable: the tap is on");
    this.#wire = new WireReader({
      manner: {
        bodyLimitBytes: tap.bodyLimitBytes,
        mask: new SecretMask(tap.secrets),
        types: new MessageTypes(daprMessages),
      },
      names: new WireNames({ containers: tap.containers, ports: tap.ports, identity }),
      sink: {
        exchange: (exchange) => line(exchangeLine(exchange, { open: false })),
        open: (exchange) => line(exchangeLine(exchange, { open: true })),
        gap: (gap, wallMs) => line(gapLine(gap, wallMs)),
      },
      onDatagram,
    });
  }

  /** The next piece of the capture. @throws {Error} when it is none. */
  data(chunk: Buffer): void {
    for (const packet of this.#packets.push(chunk)) this.#wire.packet(packet);
  }

  /** Reports what goes on for long. */
  tellOpen(): void {
    this.#wire.tellOpen(Date.now());
  }

  /** Reports what goes on. */
  tellAllOpen(): void {
    this.#wire.tellAllOpen();
  }

  /** Nothing more comes. */
  end(): void {
    this.#wire.end(Date.now());
  }
}
