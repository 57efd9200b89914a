import { createServer } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { downloadFile } from "./download-file.ts";

let asked: string[];
let address: string;

beforeEach(async () => {
  asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/moved") response.writeHead(302, { location: "/file" }).end();
    else if (request.url?.endsWith("/file")) response.end("content");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const listening = server.address();
  if (typeof listening !== "object" || listening === null) throw new Error("the server listens on no port");
  address = `http://127.0.0.1:${listening.port}`;
  return () => void server.close();
});

async function download(urls: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  return String(await downloadFile({ urls, environment, signal: new AbortController().signal }));
}

describe("downloadFile", () => {
  test("follows redirects", async () => {
    expect(await download([`${address}/moved`])).toBe("content");
  });

  test("tries the next address when one has nothing", async () => {
    expect(await download([`${address}/nothing`, `${address}/file`])).toBe("content");
  });

  test("names every address with its failure, without credentials", async () => {
    const secret = address.replace("http://", "http://user:secret@");
    const failing = download([`${secret}/nothing`, "http://127.0.0.1:1/file"]);
    await expect(failing).rejects.toThrow(
      /127\.0\.0\.1:\d+\/nothing: HTTP 404; .*127\.0\.0\.1:1\/file: .*ECONNREFUSED/,
    );
    await expect(failing).rejects.not.toThrow(/secret/);
  });

  test("goes through the environment's proxy", async () => {
    expect(await download(["http://nowhere.invalid/file"], { HTTP_PROXY: address })).toBe("content");
    expect(asked).toEqual(["http://nowhere.invalid/file"]);
  });
});
