#!/usr/bin/env node
// Takes what Toxiproxy's interface takes, and writes each request to the file that FAKE_TOXIPROXY_LOG names.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const [, host, , port] = process.argv.slice(2);
const toxics = new Set();
createServer(async (asked, response) => {
  const body = await text(asked);
  if (asked.url !== "/version")
    appendFileSync(process.env.FAKE_TOXIPROXY_LOG, `${asked.method} ${asked.url} ${body}\n`);
  if (asked.url === "/die") process.exit(3);
  const name = asked.url.endsWith("/toxics") ? `${asked.url}/${JSON.parse(body).name}` : asked.url;
  if (asked.url.endsWith("/toxics") && toxics.has(name)) response.statusCode = 409;
  if (asked.method === "DELETE" && !toxics.delete(name)) response.statusCode = 404;
  if (asked.url.endsWith("/toxics")) toxics.add(name);
  response.end(response.statusCode < 400 ? "{}" : '{"error":"as it is"}\n');
}).listen(Number(port), host);
