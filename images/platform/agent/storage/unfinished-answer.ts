import { STATUS_CODES, type IncomingMessage } from "node:http";

/** As much of an answer as is to be sent, as it looks on the wire. */
export function unfinishedAnswer(
  sent: "nothing" | "head" | "half",
  { answer, body }: { readonly answer: IncomingMessage; readonly body: Buffer },
): Buffer {
  if (sent === "nothing") return Buffer.alloc(0);
  const head = headOf(answer);
  // With its whole head, an answer without body, to a HEAD for one, would be a whole answer.
  if (body.length === 0) return head.subarray(0, head.length >> 1);
  if (sent === "head") return head;
  const chunked = /\bchunked\b/i.test(answer.headers["transfer-encoding"] ?? "");
  const size = chunked ? `${body.length.toString(16)}\r\n` : "";
  return Buffer.concat([head, Buffer.from(size), body.subarray(0, body.length >> 1)]);
}

function headOf({ statusCode = 502, statusMessage, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ""}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
