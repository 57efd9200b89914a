import { X509Certificate, randomUUID } from "node:crypto";
import { glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { rootCertificates } from "node:tls";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { expect, test } from "vitest";
import { readSite } from "../../harness/definition/read-site.ts";
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import type { Engine } from "../../harness/runtime/engine/engine.ts";
import { prepareImages } from "../../harness/runtime/images/prepare-images.ts";

/** What must not be found, and what to call it. */
type Needles = ReadonlyMap<string, Buffer>;

interface Search {
  readonly found: ReadonlySet<string>;
  /** Bytes looked at, so that a search in nothing can't pass. */
  readonly bytes: number;
}

/** Searches everything that images consist of: each layer once, variables, labels and history. */
async function searchImages(
  engine: Engine,
  references: readonly string[],
  needles: Needles,
): Promise<Search> {
  const longest = Math.max(...[...needles.values()].map(({ length }) => length));
  const found = new Set<string>();
  let bytes = 0;
  const { docker } = engine;
  if (!canExport(docker)) throw new Error("the client has no getImages");
  const archive = (await docker.getImages({ names: references })).pipe(extract());
  for await (const entry of archive) {
    let carried = Buffer.alloc(0);
    for await (const chunk of uncompressed(Readable.from(entry))) {
      bytes += chunk.length;
      const window = Buffer.concat([carried, chunk]);
      for (const [name, needle] of needles) if (window.includes(needle)) found.add(name);
      carried = window.subarray(Math.max(0, window.length - longest));
    }
  }
  return { found, bytes };
}

/** The client can; its published types do not say so. */
function canExport(docker: object): docker is {
  getImages(options: { readonly names: readonly string[] }): Promise<NodeJS.ReadableStream>;
} {
  return "getImages" in docker;
}

/** Newer engines pack the layers that they hand out. */
async function* uncompressed(entry: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = entry[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  async function* all(): AsyncGenerator<Buffer> {
    yield first.value;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* all();
  else yield* Readable.from(all()).pipe(createGunzip());
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What this machine trusts beyond the public authorities: those of its company, its proxy or its owner. */
async function ownAuthorities(bundles: Iterable<string>): Promise<readonly X509Certificate[]> {
  const publicPems = [...rootCertificates];
  for await (const file of glob("/usr/share/ca-certificates/mozilla/*.crt")) {
    publicPems.push(await readFile(file, "utf8"));
  }
  const publicOnes = new Set(publicPems.map((pem) => new X509Certificate(pem).fingerprint256));
  const own = new Map<string, X509Certificate>();
  for (const bundle of bundles) {
    const text = await readFile(bundle, "utf8").catch(() => "");
    for (const [pem] of text.matchAll(PEM)) {
      const certificate = new X509Certificate(pem);
      if (!publicOnes.has(certificate.fingerprint256)) own.set(certificate.fingerprint256, certificate);
    }
  }
  return [...own.values()];
}

/** A certificate is found as it is and in its usual text form. */
function needlesFor(certificate: X509Certificate): readonly (readonly [string, Buffer])[] {
  const line = certificate.raw.toString("base64").match(/.{64}/g)?.at(-1) ?? "";
  return [
    [`${certificate.subject} (DER)`, certificate.raw],
    [`${certificate.subject} (PEM)`, Buffer.from(line)],
  ];
}

/** All layers of all images are read: gigabytes, on a busy machine. */
const SEARCH_MS = 600_000;

test("no image holds an authority of this machine, or the path to one", { timeout: SEARCH_MS }, async () => {
  const engine = await connectEngine({ mayInstall: false });
  const site = await readSite("fixtures/sites/example");
  const images = await prepareImages(engine, {
    images: site.siteContainers.map(({ properties }) => properties.image),
    builds: site.builds,
  });
  const references = [images.platform, images.storage, ...images.requested].map(({ reference }) => reference);
  const bundles = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "npm_config_cafile"].flatMap(
    (variable) => process.env[variable] ?? [],
  );
  const system = "/etc/ssl/certs/ca-certificates.crt";
  const authorities = await ownAuthorities(new Set([...bundles, system]));
  const probe = "sitecar/main";
  const search = await searchImages(
    engine,
    references,
    new Map([
      ...authorities.flatMap(needlesFor),
      ...bundles.filter((path) => path !== system).map((path) => [path, Buffer.from(path)] as const),
      [probe, Buffer.from(probe)],
    ]),
  );
  // The probe is a tag that the archive names: the search does find what is there.
  expect([...search.found]).toEqual([probe]);
  expect(search.bytes).toBeGreaterThan(100_000_000);
});

test("a build's commands see the proxies; the image, its history and its variables do not", async () => {
  const engine = await connectEngine({ mayInstall: false });
  const marker = randomUUID();
  const name = `trial-${marker.slice(0, 8)}`;
  const context = await mkdtemp(join(tmpdir(), "sitecar-proxy-"));
  await writeFile(
    join(context, "Dockerfile"),
    [
      "ARG DEBIAN_IMAGE=debian:bookworm-slim",
      "FROM ${DEBIAN_IMAGE}",
      'RUN test -n "$HTTP_PROXY" && test -n "$no_proxy"',
      "",
    ].join("\n"),
  );
  const images = await prepareImages(engine, {
    images: [name],
    builds: { [name]: { context, dockerfile: "Dockerfile", include: [] } },
    environment: {
      ...process.env,
      HTTP_PROXY: `http://user:${marker}@proxy.example:3128`,
      no_proxy: `${marker}.example`,
      NODE_EXTRA_CA_CERTS: `/${marker}/ca.pem`,
    },
  });
  const { reference } = images.of(name);
  try {
    const needles = new Map([
      ["marker", Buffer.from(marker)],
      [name, Buffer.from(name)],
    ]);
    expect([...(await searchImages(engine, [reference], needles)).found]).toEqual([name]);
  } finally {
    await engine.docker.getImage(reference).remove({ force: true });
    await rm(context, { recursive: true, force: true });
  }
});
