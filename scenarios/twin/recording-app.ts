/** What the app answers other than 200, by method and path. */
const ANSWERS = {
  "OPTIONS /ticks/not-allowed": 405,
  "OPTIONS /ticks/refused": 404,
  "POST /ticks/accepted": 204,
  "POST /ticks/redirected": 302,
  "POST /ticks/again": 202,
} as const;

/**
 * An app that keeps every request as it stands on the wire, and gives them away at `/recorded`: a program of its own, so that the
 * same runs in a site and beside it. It prints its port.
 */
export const RECORDING_APP = `
import { createServer } from "node:http";
const answers = ${JSON.stringify(ANSWERS)};
const recorded = [];
process.on("SIGTERM", () => process.exit(0));
const server = createServer((request, response) => {
  if (request.url === "/recorded") return response.end(JSON.stringify(recorded));
  let body = "";
  request.setEncoding("latin1");
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const { method, url, httpVersion, rawHeaders } = request;
    recorded.push({ method, url, httpVersion, rawHeaders, body });
    response.statusCode = answers[method + " " + url] ?? 200;
    if (response.statusCode === 302) response.setHeader("location", "/elsewhere");
    response.end(response.statusCode === 204 ? undefined : "ok");
  });
});
server.listen(Number(process.env.RECORDING_PORT ?? 9000), () => console.log(server.address().port));
`;

/** A request as it stood on the wire. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  /** Names and values in their order, in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export async function recordedBy(port: number): Promise<readonly RecordedRequest[]> {
  return (await (await fetch(`http://127.0.0.1:${port}/recorded`)).json()) as RecordedRequest[];
}

/** One line for each header, with what varies replaced: the time, the app's port. */
export function describeRequest({ method, url, httpVersion, rawHeaders, body }: RecordedRequest): string {
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${describeHeader(name, rawHeaders[index + 1] ?? "")}`] : [],
  );
  return [`${method} ${url} HTTP/${httpVersion}`, ...headers, "", body].join("\n");
}

const GO_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,8}[1-9])? \+0000 UTC$/;

function describeHeader(name: string, value: string): string {
  if (name === "Host") return value.replace(/:\d+$/, ":<port>");
  if (name === "Readtimeutc" && GO_TIME.test(value)) return "<a time of Go's>";
  return value;
}
