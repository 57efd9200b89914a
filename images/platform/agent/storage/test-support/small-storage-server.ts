import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { createCertificateAuthority } from "../../../../../harness/azure/certificate-authority.ts";
import { listen } from "../../../../../harness/platform/test-support/listening.ts";
import type { AgentStorage } from "../../../../../harness/platform/agent-protocol.ts";

export const HOST_NAME = "account.blob.core.windows.net";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface SmallStorageServer extends AsyncDisposable {
  readonly storage: AgentStorage;
  /** What has arrived, whole. */
  readonly seen: readonly SeenRequest[];
}

/** A storage over TLS with a certificate as the run's authority makes it; `answer` gets each request with its body. */
export async function smallStorageServer(
  answer: (asked: SeenRequest, response: ServerResponse) => void,
): Promise<SmallStorageServer> {
  const authority = await createCertificateAuthority();
  const certificate = await authority.issue({ names: [HOST_NAME, "localhost"], addresses: ["127.0.0.1"] });
  const seen: SeenRequest[] = [];
  const serve = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "", rawHeaders } = asked;
    const request = { method, url, rawHeaders, body: await buffer(asked) };
    seen.push(request);
    answer(request, response);
  };
  const server = createServer(
    { cert: certificate.certificatePem, key: certificate.keyPem },
    (asked, response) => {
      void serve(asked, response);
    },
  );
  const port = await listen(server);
  return {
    seen,
    storage: {
      address: "127.0.0.1",
      hostNames: [HOST_NAME],
      upstream: { host: "127.0.0.1", port },
      certificatePem: certificate.certificatePem,
      keyPem: certificate.keyPem,
      authorityPem: authority.certificatePem,
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
