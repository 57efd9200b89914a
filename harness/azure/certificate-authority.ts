import { createHash, webcrypto } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { JsonGeneralNames, X509Certificate } from "@peculiar/x509";
import { x509 } from "./x509.ts";

const SIGNING_ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** Clocks in containers and virtual machines may be a little behind the host's. */
const BACKDATED_BY_MS = 5 * 60_000;
const VALID_FOR_MS = 2 * 24 * 60 * 60_000;

/** A server certificate with its private key, both PEM. The key is never written to the host's disk. */
export interface IssuedCertificate {
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

export interface CertificateRequest {
  /** DNS names; a leading `*.` label is allowed. The first one becomes the common name if it is short enough. */
  readonly names: readonly string[];
  /** IPv4 or IPv6 addresses. */
  readonly addresses?: readonly string[];
}

/** An authority that lives as long as the object: its private key is in memory only and can't be exported. */
export interface CertificateAuthority {
  readonly certificatePem: string;
  /** SHA-256 over the certificate's DER form, lower-case hex; what a run's record keeps of it. */
  readonly fingerprint: string;
  /** Issues a server certificate, valid from five minutes ago for two days. */
  issue(request: CertificateRequest): Promise<IssuedCertificate>;
}

/**
 * Makes a throw-away certificate authority (ECDSA P-256, path length 0, valid from five minutes ago for two days).
 * Its certificates pass the strict checks of Go's and OpenSSL's verifiers: key identifiers, critical basic
 * constraints and key usage, server authentication, names in the subject alternative name.
 */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const keys = await generateKeys(false);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: serialNumber(),
    name: [{ O: ["sitecar"] }, { CN: [`sitecar throw-away authority ${serialNumber().slice(0, 8)}`] }],
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificatePem: pem(certificate.toString("pem")),
    fingerprint: createHash("sha256").update(Buffer.from(certificate.rawData)).digest("hex"),
    issue: (request) => issue(request, certificate, keys),
  };
}

/**
 * The certificates a container has to trust: those that Node carries (Mozilla's) and this authority's. Replacing a
 * container's bundle by this one takes no public trust away.
 */
export function trustBundle(authority: Pick<CertificateAuthority, "certificatePem">): string {
  return [...rootCertificates, authority.certificatePem].map(pem).join("");
}

async function issue(
  request: CertificateRequest,
  issuer: X509Certificate,
  issuerKeys: webcrypto.CryptoKeyPair,
): Promise<IssuedCertificate> {
  const keys = await generateKeys(true);
  const names: JsonGeneralNames = [
    ...request.names.map((value) => ({ type: "dns" as const, value })),
    ...(request.addresses ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  // A common name longer than 64 characters is invalid (X.520), and nobody reads it when there are alternative names.
  const commonName = request.names.find((name) => name.length <= 64) ?? "sitecar";
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(),
    serialNumber: serialNumber(),
    subject: [{ O: ["sitecar"] }, { CN: [commonName] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKeys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificatePem: pem(certificate.toString("pem")),
    keyPem: pem(x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag)),
  };
}

function generateKeys(extractable: boolean): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(SIGNING_ALGORITHM, extractable, ["sign", "verify"]);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const notBefore = Date.now() - BACKDATED_BY_MS;
  return { notBefore: new Date(notBefore), notAfter: new Date(notBefore + VALID_FOR_MS) };
}

/** 16 random bytes; the first is kept in 0x40–0x7f, so that the number is positive and of fixed length. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(Buffer.alloc(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function pem(text: string): string {
  return `${text.trim()}\n`;
}
