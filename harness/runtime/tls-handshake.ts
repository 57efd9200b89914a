import { connect } from "node:tls";

export interface TlsHandshakeOptions {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly servername: string;
  /** The only authority that is trusted. */
  readonly authorityPem: string;
  readonly signal: AbortSignal;
}

/** Resolves when the handshake succeeded and the certificate is valid for `servername`; rejects with the reason else. */
export function tlsHandshake({ port, servername, authorityPem, signal }: TlsHandshakeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = connect({ host: "127.0.0.1", port, servername, ca: authorityPem });
    const settle = (action: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      action();
    };
    function onAbort(): void {
      settle(() => reject(signal.reason));
    }
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("secureConnect", () => settle(resolve));
    socket.on("error", (error) => settle(() => reject(error)));
    socket.on("close", () => settle(() => reject(new Error("closed before the handshake was done"))));
  });
}
