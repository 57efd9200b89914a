import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { IssuedCertificate } from "../certificate-authority.ts";

export const ACCOUNT = "toshidasandboxstorage";

/** One container. */
export const CONTAINERS = `<?xml version="1.0"?><EnumerationResults ServiceEndpoint=""><Containers><Container><Name>container1</Name><Properties><Last-Modified>Mon, 23 Nov 2026 17:00:00 GMT</Last-Modified><Etag>"1"</Etag></Properties></Container></Containers><NextMarker/></EnumerationResults>`;

/** Answers the three questions a reader asks, over TLS; what it holds may be changed while it runs. */
export class SmallStorage implements Disposable {
  readonly #certificate: IssuedCertificate;
  readonly blobs = new Map<string, { readonly content: string; readonly createdOn: string }>();
  readonly requests: string[] = [];
  answer: ((response: ServerResponse, request: IncomingMessage) => void) | undefined;
  #server: Server | undefined;

  constructor(certificate: IssuedCertificate) {
    this.#certificate = certificate;
  }

  async listen(port = 0): Promise<number> {
    const server = createServer(
      { cert: this.#certificate.certificatePem, key: this.#certificate.keyPem },
      (request, response) => this.#respond(request, response),
    );
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port to listen on");
    return address.port;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", "https://storage");
    this.requests.push(`${request.method} ${url.pathname} ${request.headers.authorization?.split(":")[0]}`);
    if (this.answer !== undefined) return this.answer(response, request);
    response.setHeader("content-type", "application/xml");
    if (url.pathname === `/${ACCOUNT}` || url.pathname === `/${ACCOUNT}/`) {
      response.end(CONTAINERS);
    } else if (url.searchParams.get("comp") === "list") {
      const blobs = [...this.blobs].map(
        ([name, { content, createdOn }]) =>
          `<Blob><Name>${name}</Name><Properties><Creation-Time>${createdOn}</Creation-Time><Last-Modified>${createdOn}</Last-Modified><Etag>"1"</Etag><Content-Length>${content.length}</Content-Length><Content-Type>text/plain</Content-Type><BlobType>BlockBlob</BlobType></Properties><Metadata><traceparent>00-1</traceparent></Metadata></Blob>`,
      );
      response.end(
        `<?xml version="1.0"?><EnumerationResults ServiceEndpoint="" ContainerName="container1"><Blobs>${blobs.join("")}</Blobs><NextMarker/></EnumerationResults>`,
      );
    } else {
      const content = this.blobs.get(url.pathname.split("/").pop() ?? "")?.content ?? "";
      response.setHeader("content-length", content.length);
      response.setHeader("etag", '"1"');
      response.end(request.method === "HEAD" ? undefined : content);
    }
  }
}
