import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { decode, encode } from "dns-packet";
import { assert, asyncProperty, uint8Array } from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listen } from "../../../../harness/platform/test-support/listening.ts";
import { NameServer } from "./name-server.ts";

const NAME = "account.blob.core.windows.net";
const ADDRESS = "127.0.0.1";

/** Stands for the engine's: one address for all names, over UDP; over TCP and for what is no query, the same bytes back. */
async function startUpstream() {
  const asked: Buffer[] = [];
  for (;;) {
    const server = createServer((socket) => socket.pipe(socket));
    const port = await listen(server);
    const datagrams = createSocket("udp4", (query, from) => {
      asked.push(query);
      datagrams.send(answerOf(query), from.port, from.address);
    });
    if (await isBound(datagrams, port)) {
      return { asked, port, close: () => (datagrams.close(), server.close()) };
    }
    server.close();
  }
}

/** A number that is free for TCP may be taken for UDP, and both are asked under the same one. */
async function isBound(datagrams: UdpSocket, port: number): Promise<boolean> {
  try {
    const listening = once(datagrams, "listening");
    datagrams.bind(port, ADDRESS);
    await listening;
    return true;
  } catch {
    return false;
  }
}

function answerOf(query: Buffer): Buffer {
  try {
    const { id = 0, questions = [] } = decode(query);
    const [asked] = questions;
    if (asked?.type !== "A") return query;
    const answers = [{ type: "A", name: asked.name, data: "10.0.0.9" } as const];
    return encode({ type: "response", id, flags: 0, questions, answers });
  } catch {
    return query;
  }
}

let upstream: Awaited<ReturnType<typeof startUpstream>>;
let server: NameServer;

beforeEach(async () => {
  upstream = await startUpstream();
  server = new NameServer({
    address: ADDRESS,
    port: 0,
    names: [NAME],
    upstream: { address: ADDRESS, port: upstream.port },
  });
  await server.listen((error) => expect.fail(error.message));
});
afterEach(() => {
  server.close();
  upstream.close();
});

function resolver(): Resolver {
  const one = new Resolver({ timeout: 300, tries: 1 });
  one.setServers([`${ADDRESS}:${server.ports.udp}`]);
  return one;
}

/** What comes back over UDP. */
async function ask(query: Buffer): Promise<Buffer> {
  const socket = createSocket("udp4");
  socket.connect(server.ports.udp, ADDRESS, () => socket.send(query));
  const [answer] = (await once(socket, "message")) as [Buffer];
  socket.close();
  return answer;
}

test("an account's name is the address, in any spelling; it has no other records", async () => {
  expect(await resolver().resolve4(NAME)).toEqual([ADDRESS]);
  expect(await resolver().resolve4("Account.BLOB.core.windows.net")).toEqual([ADDRESS]);
  await expect(resolver().resolve6(NAME)).rejects.toMatchObject({ code: "ENODATA" });
  await expect(resolver().resolveTxt(NAME)).rejects.toMatchObject({ code: "ENODATA" });
  expect(upstream.asked).toEqual([]);
});

test.each([
  ["nxdomain", "ENOTFOUND"],
  ["servfail", "ESERVFAIL"],
  ["none", "ETIMEOUT"],
] as const)("while its outage is %s nobody gets it, and other names are there", async (outage, code) => {
  server.outage = outage;
  await expect(resolver().resolve4(NAME)).rejects.toMatchObject({ code });
  await expect(resolver().resolve6(NAME)).rejects.toMatchObject({ code });
  expect(await resolver().resolve4("elsewhere.example")).toEqual(["10.0.0.9"]);
  server.outage = null;
  expect(await resolver().resolve4(NAME)).toEqual([ADDRESS]);
});

test("the question is repeated as it was spelt, and extensions are answered with extensions", async () => {
  const questions = [{ type: "A", name: "aCCount.blob.core.windows.net" } as const];
  const query = encode({
    type: "query",
    id: 4711,
    questions,
    additionals: [
      {
        type: "OPT",
        name: ".",
        udpPayloadSize: 4096,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
  const answer = decode(await ask(query));
  expect(answer).toMatchObject({ id: 4711, type: "response", rcode: "NOERROR", flag_ra: true });
  expect(answer.questions).toMatchObject(questions);
  expect(answer.answers).toMatchObject([{ name: "aCCount.blob.core.windows.net", data: ADDRESS, ttl: 60 }]);
  expect(answer.additionals).toMatchObject([{ type: "OPT", ednsVersion: 0 }]);
  const bare = decode(await ask(encode({ type: "query", id: 1, questions })));
  expect(bare.additionals).toEqual([]);
});

test("whatever is not about an account goes on byte for byte, also what is no query at all", async () => {
  await assert(
    asyncProperty(uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      const query = Buffer.from(bytes);
      await ask(query);
      expect(upstream.asked.at(-1)).toEqual(query);
    }),
    { numRuns: 60 },
  );
});

test("over TCP: several questions on one connection, cut anywhere, ours answered and the others handed on", async () => {
  const elsewhere = question(2, "elsewhere.example");
  const all = Buffer.concat([question(1, NAME), elsewhere, question(3, NAME)]);
  for (const cut of [1, 2, 30, all.length - 1]) {
    const socket = connect(server.ports.tcp, ADDRESS);
    await once(socket, "connect");
    socket.write(all.subarray(0, cut));
    await drained(socket);
    socket.end(all.subarray(cut));
    const messages = unframed(await buffer(socket));
    const ours = messages
      .filter((message) => !message.equals(elsewhere.subarray(2)))
      .map((one) => decode(one));
    expect(ours.map(({ id }) => id)).toEqual([1, 3]);
    expect(ours[0]?.answers).toMatchObject([{ data: ADDRESS }]);
    expect(messages).toHaveLength(3);
  }
});

function question(id: number, name: string): Buffer {
  return framed(encode({ type: "query", id, questions: [{ type: "A", name }] }));
}

function framed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from([message.length >> 8, message.length & 0xff]), message]);
}

function unframed(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 + bytes.readUInt16BE(at);
    messages.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return messages;
}

/** What was written has left this process. */
async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.write("", () => resolve()));
}
