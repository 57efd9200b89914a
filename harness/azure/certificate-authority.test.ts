import { X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { rootCertificates } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { createCertificateAuthority, trustBundle, type IssuedCertificate } from "./certificate-authority.ts";

const HOUR_MS = 3_600_000;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A real TLS server with `certificate`; returns its port. */
async function serve(certificate: IssuedCertificate): Promise<number> {
  const server = createServer({ cert: certificate.certificatePem, key: certificate.keyPem }, (_, response) =>
    response.end("ok"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => new Promise((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

/** The status, or the code of the error that ended the handshake. */
function get(port: number, servername: string, ca: string): Promise<number | string> {
  return new Promise((resolve) => {
    const call = request(
      { host: "127.0.0.1", port, servername, ca, agent: false, headers: { host: servername } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? "no status");
      },
    );
    call.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    call.end();
  });
}

test("a server with an issued certificate is trusted by its names and addresses, and by no other", async () => {
  const authority = await createCertificateAuthority();
  const port = await serve(
    await authority.issue({
      names: ["*.blob.core.windows.net", "storage.test"],
      addresses: ["127.0.0.1", "::1"],
    }),
  );

  const ca = authority.certificatePem;
  expect(await get(port, "account.blob.core.windows.net", ca)).toBe(200);
  expect(await get(port, "storage.test", ca)).toBe(200);
  expect(await get(port, "", ca)).toBe(200);
  expect(await get(port, "account.queue.core.windows.net", ca)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
});

test("another authority's certificate is refused", async () => {
  const [authority, other] = await Promise.all([createCertificateAuthority(), createCertificateAuthority()]);
  const port = await serve(await authority.issue({ names: ["storage.test"] }));

  // Both authorities have other names and other keys, so the chain has no issuer.
  expect(await get(port, "storage.test", other.certificatePem)).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
});

test("the authority signs certificates and nothing below it does", async () => {
  const authority = await createCertificateAuthority();
  const issued = await authority.issue({ names: ["storage.test"] });
  const root = new X509Certificate(authority.certificatePem);
  const leaf = new X509Certificate(issued.certificatePem);

  expect(root.ca).toBe(true);
  expect(root.verify(root.publicKey)).toBe(true);
  expect(root.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(authority.fingerprint);
  expect(leaf.ca).toBe(false);
  expect(leaf.checkIssued(root)).toBe(true);
  expect(leaf.verify(root.publicKey)).toBe(true);
  // Node calls the extended key usages `keyUsage`.
  expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
});

test("certificates are valid from a few minutes ago for two days", async () => {
  const authority = await createCertificateAuthority();
  const issued = await authority.issue({ names: ["storage.test"] });

  for (const pem of [authority.certificatePem, issued.certificatePem]) {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    expect(Date.now() - validFromDate.getTime()).toBeGreaterThan(2 * 60_000);
    expect(Date.now() - validFromDate.getTime()).toBeLessThan(HOUR_MS);
    expect(validToDate.getTime() - validFromDate.getTime()).toBe(48 * HOUR_MS);
  }
});

test("every certificate has a serial number of its own, positive and of one length", async () => {
  const authority = await createCertificateAuthority();
  const issued = await Promise.all(
    Array.from({ length: 20 }, () => authority.issue({ names: ["storage.test"] })),
  );
  const serials = issued.map(({ certificatePem }) => new X509Certificate(certificatePem).serialNumber);

  expect(new Set(serials).size).toBe(20);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
});

test("a name too long for a common name stands in the alternative names alone", async () => {
  const authority = await createCertificateAuthority();
  const long = `${"a".repeat(60)}.blob.core.windows.net`;
  const { certificatePem } = await authority.issue({ names: [long] });
  const leaf = new X509Certificate(certificatePem);

  expect(leaf.subject).not.toContain(long);
  expect(leaf.checkHost(long)).toBe(long);
});

test("the trust bundle keeps every public root and adds the authority", async () => {
  const authority = await createCertificateAuthority();
  const bundle = trustBundle(authority);

  const certificates = bundle.split(/(?<=-----END CERTIFICATE-----\n)/);
  expect(certificates).toHaveLength(rootCertificates.length + 1);
  expect(new X509Certificate(certificates.at(-1) ?? "").fingerprint256).toBe(
    new X509Certificate(authority.certificatePem).fingerprint256,
  );
});

test("nothing is left on the global Reflect for the user's own code to stumble over", () => {
  expect(Reflect).not.toHaveProperty("getMetadata");
  expect(Reflect).not.toHaveProperty("defineMetadata");
});
