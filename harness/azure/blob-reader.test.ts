import { expect, test } from "vitest";
import { createCertificateAuthority } from "./certificate-authority.ts";
import { ACCOUNT, CONTAINERS } from "./test-support/small-storage.ts";
import { NOON, storageFixture } from "./test-support/storage-fixture.ts";

const { smallStorage, readerOf } = storageFixture();

test("reads containers, blobs and content in path style, signed with the account's key", async () => {
  const storage = smallStorage();
  storage.blobs.set("batch_1.txt", { content: "12:00", createdOn: NOON });
  const reader = readerOf(await storage.listen());

  expect(await reader.containers()).toEqual(["container1"]);
  expect(await reader.blobs("container1")).toEqual([
    {
      name: "batch_1.txt",
      size: 5,
      createdOn: new Date(NOON),
      contentType: "text/plain",
      metadata: { traceparent: "00-1" },
    },
  ]);
  expect(String(await reader.content("container1", "batch_1.txt"))).toBe("12:00");
  expect(storage.requests.every((line) => line.endsWith(`SharedKey ${ACCOUNT}`))).toBe(true);
  expect(storage.requests[1]).toContain(` /${ACCOUNT}/container1 `);
});

test("empties an account: breaks the lease of a container that has one, and removes it", async () => {
  const storage = smallStorage();
  const reader = readerOf(await storage.listen());
  let leased = true;
  storage.answer = (response, request) => {
    if (request.method === "GET")
      return void response.setHeader("content-type", "application/xml").end(CONTAINERS);
    if (leased) response.setHeader("x-ms-error-code", "LeaseIdMissing");
    if (request.url?.includes("comp=lease") === true) {
      leased = false;
      return void response.writeHead(202).end();
    }
    if (!leased) return void response.writeHead(202).end();
    return void response
      .writeHead(412, { "content-type": "application/xml" })
      .end(`<?xml version="1.0"?><Error><Code>LeaseIdMissing</Code><Message>leased</Message></Error>`);
  };
  await reader.empty();
  expect(storage.requests.map((line) => line.split(" ", 2).join(" "))).toEqual([
    `GET /${ACCOUNT}/`,
    `DELETE /${ACCOUNT}/container1`,
    `PUT /${ACCOUNT}/container1`,
    `DELETE /${ACCOUNT}/container1`,
  ]);
});

test("tries a storage out: writes a blob, reads it, and leaves nothing", async () => {
  const storage = smallStorage();
  const reader = readerOf(await storage.listen());
  const statuses: Readonly<Record<string, number>> = { PUT: 201, DELETE: 202 };
  storage.answer = (response, { method = "" }) => {
    const content = method === "GET" ? "tried" : undefined;
    const length = method === "GET" || method === "HEAD" ? 5 : 0;
    response.writeHead(statuses[method] ?? 200, { etag: '"1"', "content-length": length }).end(content);
  };
  await reader.tryOut();
  const asked = storage.requests.map((line) => line.split(" ", 2).join(" "));
  expect(asked.slice(0, 2)).toEqual([
    `PUT /${ACCOUNT}/sitecar-try-out`,
    `PUT /${ACCOUNT}/sitecar-try-out/tried.txt`,
  ]);
  expect(asked).toContain(`GET /${ACCOUNT}/sitecar-try-out/tried.txt`);
  expect(asked.at(-1)).toBe(`DELETE /${ACCOUNT}/sitecar-try-out`);
});

test("asks once: a refusal is told with storage's status and code", async () => {
  const storage = smallStorage();
  storage.answer = (response) =>
    void response
      .writeHead(503, { "x-ms-error-code": "ServerBusy", "content-type": "application/xml" })
      .end(`<?xml version="1.0"?><Error><Code>ServerBusy</Code><Message>later</Message></Error>`);
  const reader = readerOf(await storage.listen());

  await expect(reader.containers()).rejects.toMatchObject({
    code: "STORAGE_UNREADABLE",
    observations: [{ label: "asked" }, { label: "answer", value: "503 ServerBusy" }],
  });
  expect(storage.requests).toHaveLength(1);
});

test("trusts the run's authority and no other", async () => {
  const port = await smallStorage().listen();
  const other = (await createCertificateAuthority()).certificatePem;
  await expect(readerOf(port, { authorityPem: other }).containers()).rejects.toThrow(
    "none: UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  );
});

test("silence and a closed port end soon, and are told apart", async () => {
  const storage = smallStorage();
  storage.answer = () => undefined;
  const port = await storage.listen();
  await expect(readerOf(port, { requestLimitMs: 100 }).containers()).rejects.toThrow("none within 0.1 s");
  await expect(readerOf(1).containers()).rejects.toThrow("none: ECONNREFUSED");
});
