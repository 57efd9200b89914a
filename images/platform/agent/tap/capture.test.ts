import { once } from "node:events";
import { createSocket } from "node:dgram";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Capture, type CaptureOptions } from "./capture.ts";

const program = fileURLToPath(new URL("test-support/fake-tcpdump.mjs", import.meta.url));

afterEach(() => vi.unstubAllEnvs());

function open(more: Partial<CaptureOptions> = {}) {
  const told = { data: "", dropped: [] as number[] };
  const ended = Promise.withResolvers<string>();
  const capture = new Capture({
    program,
    exceptAddresses: ["127.0.0.2"],
    onData: (chunk) => (told.data += chunk.toString()),
    onDropped: (packets) => told.dropped.push(packets),
    onEnd: ended.resolve,
    ...more,
  });
  return { capture, told, ended: ended.promise };
}

describe("the capture", () => {
  it("is told what is not the site's, and hands out what comes", async () => {
    const { capture, told } = open();
    await capture.began();
    await capture.end();
    expect(told.data).toContain("-i lo ");
    expect(told.data).toContain(
      "(tcp and not host 127.0.0.2) or (udp and dst host 127.0.0.1 and dst port 25476)",
    );
  });

  it("says what the kernel dropped, each packet once", async () => {
    const { capture, told } = open();
    await capture.began();
    for (let nth = 0; nth < 3; nth++) await capture.askForDropped();
    await capture.end();
    expect(told.dropped).toEqual([2]);
  });

  it("has everything of before when its own mark has come, which is sent again until it does", async () => {
    const { capture } = open();
    await capture.began();
    // Stands in for the loopback's reader: the first mark is lost.
    const wire = createSocket("udp4");
    wire.bind(25_476, "127.0.0.1");
    await once(wire, "listening");
    const came: Buffer[] = [];
    const lost = Promise.withResolvers<void>();
    wire.on("message", (payload) => {
      if (payload.length === 16) came.push(payload);
      if (came.length > 1) capture.datagram({ port: 25_476, payload });
      else lost.resolve();
    });
    let isDone = false;
    const again = async (): Promise<void> => {
      await lost.promise;
      await new Promise((resolve) => setImmediate(resolve));
    };
    const flushed = capture.flush(again).then(() => (isDone = true));
    await lost.promise;
    expect(isDone).toBe(false);
    await flushed;
    expect(came.length).toBeGreaterThan(1);
    wire.close();
    await capture.end();
  });

  it("says why it can't begin", async () => {
    vi.stubEnv("FAKE_TCPDUMP", "fails");
    const { capture, ended } = open();
    await expect(capture.began()).rejects.toThrow(/^tcpdump ended with 1: .*You don't have permission/);
    await ended;
  });

  it("says that there is no such program", async () => {
    const { capture } = open({ program: "/nonexistent/tcpdump" });
    await expect(capture.began()).rejects.toThrow(/^tcpdump .*ENOENT/);
  });

  it("tells of its end, and leaves nobody waiting", async () => {
    vi.stubEnv("FAKE_TCPDUMP", "dies");
    const { capture, ended } = open();
    await capture.began();
    await capture.askForDropped();
    expect(await ended).toBe("tcpdump ended with 3: ");
    await capture.flush(() => new Promise(() => undefined));
  });
});
