import { createHash, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { expect, onTestFinished, test } from "vitest";
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import { prepareImages } from "../../harness/runtime/images/prepare-images.ts";
import type { ProgressEvent } from "../../harness/shared/progress.ts";

interface Blob {
  readonly mediaType: string;
  readonly content: Buffer;
  readonly digest: string;
}

function blob(mediaType: string, content: Buffer): Blob {
  return { mediaType, content, digest: `sha256:${createHash("sha256").update(content).digest("hex")}` };
}

async function smallLayer(content: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "content" }, content);
  archive.finalize();
  return buffer(archive);
}

/** A registry that holds one image of one layer, as an engine pulls it. */
async function registryWithOneImage(content: string): Promise<{ server: Server; manifest: Blob }> {
  const layer = blob("application/vnd.docker.image.rootfs.diff.tar", await smallLayer(content));
  const configuration = blob(
    "application/vnd.docker.container.image.v1+json",
    Buffer.from(
      JSON.stringify({
        architecture: process.arch === "arm64" ? "arm64" : "amd64",
        os: "linux",
        config: { Cmd: ["/content"] },
        rootfs: { type: "layers", diff_ids: [layer.digest] },
      }),
    ),
  );
  const describe = ({ mediaType, content: bytes, digest }: Blob) => ({
    mediaType,
    size: bytes.length,
    digest,
  });
  const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = blob(
    mediaType,
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: describe(configuration),
        layers: [describe(layer)],
      }),
    ),
  );
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const found = path.includes("/manifests/")
      ? manifest
      : [layer, configuration].find(({ digest }) => path.endsWith(`/blobs/${digest}`));
    if (path === "/v2/") response.writeHead(200).end();
    else if (found === undefined) response.writeHead(404).end();
    else {
      response.writeHead(200, {
        "content-type": found.mediaType,
        "content-length": found.content.length,
        "docker-content-digest": found.digest,
      });
      response.end(request.method === "HEAD" ? undefined : found.content);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { server, manifest };
}

test("an image that only a registry has is pulled, under its own name, with its digest; afterwards it is there", async () => {
  const engine = await connectEngine({ mayInstall: false });
  const { server, manifest } = await registryWithOneImage(randomUUID());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the registry listens on no port");
  const repository = `127.0.0.1:${address.port}/team/app`;
  const reference = `${repository}:1`;
  const events: ProgressEvent[] = [];
  const prepare = async () =>
    (
      await prepareImages(engine, {
        images: [reference],
        builds: {},
        progress: (event) => events.push(event),
      })
    ).of(reference);
  try {
    const pulled = await prepare();
    expect(pulled).toMatchObject({
      requested: reference,
      reference,
      origin: "pulled",
      digests: [`${repository}@${manifest.digest}`],
    });
    expect(await prepare()).toMatchObject({ origin: "local", id: pulled.id });
    const states = events.filter(({ step }) => step === `image ${reference}`).map(({ state }) => state);
    expect([states[0], ...states.filter((state) => /done|cached/.test(state))]).toEqual([
      "started",
      "done",
      "cached",
    ]);
  } finally {
    await engine.docker.getImage(reference).remove({ force: true });
  }
});
