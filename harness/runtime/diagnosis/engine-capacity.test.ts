import { tmpdir } from "node:os";
import { join } from "node:path";
import Dockerode from "dockerode";
import { describe, expect, it } from "vitest";
import { engineCapacity, freeBytes } from "./engine-capacity.ts";
import { startSmallEngine } from "./test-support/small-engine.ts";

const INFO = {
  MemTotal: 4_000_000_000,
  NCPU: 2,
  OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
  Architecture: "x86_64",
  DockerRootDir: tmpdir(),
};

describe("engineCapacity", () => {
  it("says what the engine has, and what is free where it keeps its images", async () => {
    await using small = await startSmallEngine({ "/info": [200, INFO] });
    const capacity = await engineCapacity(small.engine);
    expect(capacity).toMatchObject({
      memoryBytes: 4_000_000_000,
      processors: 2,
      system: "Debian GNU/Linux 12 (bookworm), x86_64",
      storageDirectory: tmpdir(),
      remoteHost: undefined,
    });
    expect(capacity.freeStorageBytes).toBeGreaterThan(0);
  });

  it("does not take this machine's disk for the one of an engine in a virtual machine", async () => {
    const elsewhere = join(tmpdir(), "sitecar-no-such-directory");
    await using small = await startSmallEngine({ "/info": [200, { ...INFO, DockerRootDir: elsewhere }] });
    expect((await engineCapacity(small.engine)).freeStorageBytes).toBeUndefined();
  });

  it("tells an engine of another host", async () => {
    await using small = await startSmallEngine({ "/info": [200, INFO] });
    // The same server under a name that is not this machine's: only the address decides.
    const docker = new Dockerode({
      protocol: "http",
      host: "engine.example",
      port: Number(Object.entries(small.engine.docker.modem).find(([name]) => name === "port")?.[1]),
    });
    docker.info = () => small.engine.docker.info();
    const capacity = await engineCapacity({ ...small.engine, docker });
    expect(capacity).toMatchObject({ remoteHost: "engine.example", freeStorageBytes: undefined });
  });

  it("fails with a code when the engine does not answer", async () => {
    const small = await startSmallEngine({});
    await small[Symbol.asyncDispose]();
    await expect(engineCapacity(small.engine)).rejects.toMatchObject({ code: "ENGINE_GONE" });
  });
});

describe("freeBytes", () => {
  it("is a number for a directory, and unknown where there is none", async () => {
    expect(await freeBytes(tmpdir())).toBeGreaterThan(0);
    expect(await freeBytes(join(tmpdir(), "sitecar-no-such-directory"))).toBeUndefined();
  });
});
