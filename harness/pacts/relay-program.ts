/**
 * A program for a container of the site, in the place of the side that a verification plays: what it is asked inside the namespace
 * it hands on to the harness, and what the harness wants to ask there it asks in its name. It knows nothing of contracts.
 *
 * `node relay.mjs <port of its side> <port of the harness>`; on the latter: `GET /next` waits for a request, `POST /answer` answers
 * it, `POST /ask` puts one to a port of the namespace's loopback. Bodies go as base64.
 */
export const RELAY_PROGRAM = `import { createServer, request } from "node:http";
import { buffer, json } from "node:stream/consumers";

const [, , sidePort, harnessPort] = process.argv;
const pairs = (raw) => raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]]] : []));
const waiting = [];
const listeners = [];
const open = new Map();
let last = 0;

function hand() {
  while (waiting.length > 0 && listeners.length > 0) {
    const listener = listeners.shift();
    if (!listener.destroyed) listener.end(JSON.stringify(waiting.shift()));
  }
}

createServer(async (asked, response) => {
  const atMs = performance.now();
  const body = await buffer(asked);
  const id = ++last;
  open.set(id, response);
  response.once("close", () => open.delete(id));
  const { method, url: path, rawHeaders } = asked;
  waiting.push({ id, atMs, method, path, headers: pairs(rawHeaders), body: body.toString("base64") });
  hand();
}).listen(Number(sidePort), "0.0.0.0");

function reply(response, { status, headers, body }) {
  if (response === undefined) return;
  const bytes = Buffer.from(body, "base64");
  const length = status === 204 || status === 304 ? [] : ["Content-Length", String(bytes.length)];
  response.writeHead(status, [...headers.flat(), ...length]).end(bytes);
}

function ask({ port, method, path, headers, body }) {
  const bytes = Buffer.from(body, "base64");
  const bare = ["GET", "HEAD", "OPTIONS"].includes(method) && bytes.length === 0;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      method,
      path,
      headers: ["Host", "127.0.0.1:" + port, ...headers.flat(), ...(bare ? [] : ["Content-Length", String(bytes.length)])],
      agent: false,
    });
    sent.once("error", reject);
    sent.once("response", async (answer) => {
      try {
        const content = await buffer(answer);
        resolve({ status: answer.statusCode, headers: pairs(answer.rawHeaders), body: content.toString("base64") });
      } catch (error) {
        reject(error);
      }
    });
    sent.end(bytes);
  });
}

createServer(async (asked, response) => {
  if (asked.url === "/next") {
    listeners.push(response);
    hand();
    return;
  }
  const message = await json(asked);
  if (asked.url === "/answer") {
    reply(open.get(message.id), message);
    response.end("{}");
    return;
  }
  try {
    response.end(JSON.stringify(await ask(message)));
  } catch (error) {
    response.end(JSON.stringify({ error: error.message }));
  }
}).listen(Number(harnessPort), "0.0.0.0");

process.on("SIGTERM", () => process.exit(0));
`;

/** Where a relay listens for the harness: below the ports that systems and daprd choose from by themselves. */
export const RELAY_PORT = 7599;

/** Where the program lies in its container. */
export const RELAY_PATH = "/opt/sitecar/relay.mjs";
