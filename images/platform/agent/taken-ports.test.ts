import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { TakenPorts } from "./taken-ports.ts";

/** Released when the test ends. */
async function start() {
  const ports = new TakenPorts();
  onTestFinished(() => ports.releaseAll());
  return { ports, port: await freePort() };
}

/** One that nobody has at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

/** `undefined`: it can be bound. */
async function bind(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return undefined;
  } catch (error) {
    return (error as { readonly code: string }).code;
  } finally {
    server.close();
  }
}

describe("a taken port", () => {
  test.each(["loopback", "all"] as const)(
    "(%s) can't be bound by anybody, on no address, until it is released",
    async (address) => {
      const { ports, port } = await start();
      await ports.take("a", { port, address, answers: "nothing" });
      expect([await bind(port, "127.0.0.1"), await bind(port, "0.0.0.0")]).toEqual([
        "EADDRINUSE",
        "EADDRINUSE",
      ]);
      await ports.release("a");
      expect([await bind(port, "127.0.0.1"), await bind(port, "0.0.0.0")]).toEqual([undefined, undefined]);
      await ports.release("a");
    },
  );

  test("accepts and says nothing; released, it resets who is connected", async () => {
    const { ports, port } = await start();
    await ports.take("a", { port, address: "loopback", answers: "nothing" });
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    const [failure] = await Promise.all([once(socket, "error"), ports.release("a")]);
    expect(failure[0]).toMatchObject({ code: "ECONNRESET" });
    expect(socket.bytesRead).toBe(0);
  });

  test("answers 404 if it is to", async () => {
    const { ports, port } = await start();
    await ports.take("a", { port, address: "all", answers: "not-found" });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 404 /);
  });

  test("that somebody has can't be taken", async () => {
    const { ports, port } = await start();
    await ports.take("a", { port, address: "all", answers: "nothing" });
    await expect(ports.take("b", { port, address: "loopback", answers: "nothing" })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await ports.release("b");
    expect(await bind(port, "0.0.0.0")).toBe("EADDRINUSE");
  });

  test("is known as the agent's own by its address", async () => {
    const { ports, port } = await start();
    await ports.take("a", { port, address: "loopback", answers: "nothing" });
    expect(ports.has({ address: "127.0.0.1", port })).toBe(true);
    expect(ports.has({ address: "::", port })).toBe(false);
    await ports.release("a");
    expect(ports.has({ address: "127.0.0.1", port })).toBe(false);
  });
});
