import { createServer as createTcpServer, type Server } from "node:net";
import { createServer } from "node:https";
import { createServer as createTlsServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createCertificateAuthority } from "./certificate-authority.ts";
import { Deadline } from "../shared/clock.ts";
import { httpsAnswer } from "../runtime/https-answer.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function tlsServer(): Promise<{ port: number; authorityPem: string }> {
  const authority = await createCertificateAuthority();
  const { certificatePem, keyPem } = await authority.issue({ names: ["storage.test"] });
  const server = createServer({ cert: certificatePem, key: keyPem }, (_request, answer) => {
    answer.writeHead(403).end();
  });
  server.on("tlsClientError", () => undefined);
  return { port: await listen(server), authorityPem: authority.certificatePem };
}

const patience = (): AbortSignal => Deadline.in(5000).signal();

test("any answer of a server with the authority's certificate counts", async () => {
  const server = await tlsServer();
  await expect(httpsAnswer({ ...server, servername: "storage.test", signal: patience() })).resolves.toBe(403);
});

test("a server that finishes the handshake and closes has not answered", async () => {
  const authority = await createCertificateAuthority();
  const { certificatePem, keyPem } = await authority.issue({ names: ["storage.test"] });
  const port = await listen(
    createTlsServer({ cert: certificatePem, key: keyPem }, (socket) => void socket.end()),
  );
  await expect(
    httpsAnswer({
      port,
      servername: "storage.test",
      authorityPem: authority.certificatePem,
      signal: patience(),
    }),
  ).rejects.toThrow("socket hang up");
});

test("a wrong name, a foreign authority and a closed port are told apart", async () => {
  const server = await tlsServer();
  const foreign = (await createCertificateAuthority()).certificatePem;

  await expect(httpsAnswer({ ...server, servername: "other.test", signal: patience() })).rejects.toThrow(
    "does not match certificate",
  );
  await expect(
    httpsAnswer({ ...server, servername: "storage.test", authorityPem: foreign, signal: patience() }),
  ).rejects.toThrow("unable to verify");
  await expect(
    httpsAnswer({ ...server, port: 1, servername: "storage.test", signal: patience() }),
  ).rejects.toThrow("ECONNREFUSED");
});

test("a port that accepts and closes is not taken for a server", async () => {
  const port = await listen(createTcpServer((socket) => socket.end()));
  await expect(
    httpsAnswer({ port, servername: "storage.test", authorityPem: "", signal: patience() }),
  ).rejects.toThrow(/disconnected|socket hang up/);
});

test("a port that accepts and stays silent ends with the signal", async () => {
  const port = await listen(createTcpServer((socket) => void socket.on("error", () => undefined)));
  await expect(
    httpsAnswer({ port, servername: "storage.test", authorityPem: "", signal: Deadline.in(50).signal() }),
  ).rejects.toThrow("timeout");
});
