import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type {
  StandInAnswer,
  StandInFault,
  StandInState,
} from "../../../harness/platform/stand-in/stand-in-protocol.ts";
import { StandIn } from "./stand-in.ts";

const ROUTE = "/batch";

interface Started {
  readonly standIn: StandIn;
  readonly answers: StandInAnswer[];
  readonly fatal: unknown[];
  /** Tells it its whole state anew. */
  tell(...faults: readonly StandInFault[]): Promise<void>;
  /** @returns the status, or the error's code. */
  ask(method: string, path?: string): Promise<number | string>;
}

/** Its clock stands still, so that nothing depends on how fast the machine is. */
function started(state: Partial<StandInState> = {}): Started {
  const answers: StandInAnswer[] = [];
  const fatal: unknown[] = [];
  const standIn = new StandIn({
    say: (answer) => answers.push(answer),
    print: () => undefined,
    nowMs: () => 0,
    onFatal: (error) => fatal.push(error),
  });
  onTestFinished(() => standIn.finish());
  let revision = 0;
  return {
    standIn,
    answers,
    fatal,
    tell: async (...faults) =>
      await standIn.follow({
        revision: ++revision,
        port: standIn.port,
        routes: [ROUTE],
        faults: faults.map((fault) => ({ id: JSON.stringify(fault), fault })),
        ...state,
      }),
    ask: async (method, path = ROUTE) => {
      try {
        const { status } = await fetch(`http://127.0.0.1:${standIn.port}${path}`, { method });
        return status;
      } catch (error) {
        const { cause } = error as { readonly cause: { readonly code: string } };
        return cause.code;
      }
    },
  };
}

describe("the stand-in main", () => {
  test("answers when it is what it was told, with what it has counted", async () => {
    const it = started();
    await it.tell();
    expect([await it.ask("OPTIONS"), await it.ask("POST"), await it.ask("GET", "/")]).toEqual([
      200, 200, 200,
    ]);
    await it.tell({ kind: "status", requests: "ticks", status: 500 });
    expect(await it.ask("POST")).toBe(500);
    await it.tell();
    expect(it.answers.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(it.answers.at(-1)?.counts).toEqual({
      options: 1,
      ticks: 2,
      ticksDone: 1,
      others: 1,
      writes: 0,
      writesFailed: 0,
    });
  });

  test("stops listening when told so, resets what is open, and listens on the same port again", async () => {
    const it = started();
    await it.tell();
    const socket = connect(it.standIn.port, "127.0.0.1");
    await once(socket, "connect");
    const failed = once(socket, "error");
    await it.tell({ kind: "not-listening" });
    expect((await failed)[0]).toMatchObject({ code: "ECONNRESET" });
    expect(await it.ask("GET", "/")).toBe("ECONNREFUSED");
    await it.tell();
    expect(await it.ask("GET", "/")).toBe(200);
  });

  test("listens late only from its start on, and at once when that is healed", async () => {
    const it = started();
    const late: StandInFault = { kind: "listens-late", delayMs: 60_000 };
    await it.tell(late);
    expect(it.standIn.port).toBe(0);
    await it.tell();
    expect(await it.ask("GET", "/")).toBe(200);
    await it.tell(late);
    expect(await it.ask("GET", "/")).toBe(200);
  });

  test("resets connections, and hangs without an answer", async () => {
    const it = started();
    await it.tell({ kind: "resets", requests: "ticks" }, { kind: "hangs", requests: "options" });
    expect(await it.ask("POST")).toBe("ECONNRESET");
    const socket = connect(it.standIn.port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.write(`OPTIONS ${ROUTE} HTTP/1.1\r\nhost: x\r\n\r\n`);
    // An answered request on another connection: what was going to be answered before it has been.
    expect(await it.ask("GET", "/")).toBe(200);
    expect(Buffer.concat(chunks).toString()).toBe("");
    await it.tell({ kind: "not-listening" });
  });

  test("finishes the requests that it has on SIGTERM", async () => {
    const it = started();
    await it.tell({ kind: "answers-slowly", requests: "all", delayMs: 50 });
    const socket = connect(it.standIn.port, "127.0.0.1");
    socket.setEncoding("utf8");
    // Kept alive, as daprd keeps its connection.
    socket.write(`GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n`);
    const answers: string[] = [];
    socket.on("data", (chunk: string) => answers.push(chunk));
    await once(socket, "data");
    await it.standIn.finish();
    expect(answers.join("")).toMatch(/^HTTP\/1\.1 200 /);
    expect(await it.ask("GET", "/")).toBe("ECONNREFUSED");
  });

  test("a port that somebody has is the end of it, as of any app", async () => {
    const other = createServer().listen(0);
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const one = started({ port });
    await one.tell();
    expect(one.fatal).toMatchObject([{ code: "EADDRINUSE" }]);
  });
});
