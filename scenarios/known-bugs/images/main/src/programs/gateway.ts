import { connect, createServer } from "node:net";
import { print } from "../print.ts";

const PORT = 3500;
const DAPRD_PORT = 3501;

/** The bug: in front of daprd; a connection that comes before daprd is there is kept, and nothing is ever said on it. */
export async function run(): Promise<void> {
  const server = createServer((client) => {
    client.on("error", () => undefined);
    const daprd = connect(DAPRD_PORT, "127.0.0.1");
    daprd.once("connect", () => {
      client.pipe(daprd).pipe(client);
    });
    daprd.on("error", (error) => print(`daprd: ${error.message}; the client is kept waiting`));
    client.once("close", () => daprd.destroy());
  });
  process.once("SIGTERM", () => process.exit(0));
  server.listen(PORT, "127.0.0.1", () => print("listening"));
}
