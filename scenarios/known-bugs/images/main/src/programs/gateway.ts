import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as passed } from "node:timers/promises";
import { print } from "../print.ts";

const PORT = 3500;
const DAPRD = { port: 3501, host: "127.0.0.1" };
const LOOKS_AFTER_MS = 1_000;

/**
 * The bug: it stands before daprd and looks for it once, a second after its start. Where daprd is not there by then, it goes on
 * accepting connections for ever and never says anything on them.
 */
export async function run(): Promise<void> {
  const isThere = look();
  const server = createServer((client) => {
    client.on("error", () => undefined);
    void passOn(client, isThere);
  });
  server.listen(PORT, DAPRD.host);
  await once(server, "listening");
  print(`listening; daprd ${(await isThere) ? "is there" : "is not there, and is not looked for again"}`);
}

async function passOn(client: Socket, isThere: Promise<boolean>): Promise<void> {
  if (!(await isThere)) return;
  const daprd = connect(DAPRD);
  daprd.on("error", () => client.destroy());
  client.once("close", () => daprd.destroy());
  client.pipe(daprd).pipe(client);
}

async function look(): Promise<boolean> {
  await passed(LOOKS_AFTER_MS);
  const socket = connect(DAPRD);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
