import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { engineAddresses, FOUND_HOST_VARIABLE, SYSTEM_SOCKET } from "./engine-addresses.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sitecar-home-"));
  return () => rm(home, { recursive: true, force: true });
});

async function writeContext(name: string, host: string): Promise<void> {
  const id = createHash("sha256").update(name).digest("hex");
  const directory = join(home, ".docker/contexts/meta", id);
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

async function writeCurrent(name: string): Promise<void> {
  await mkdir(join(home, ".docker"), { recursive: true });
  await writeFile(join(home, ".docker/config.json"), JSON.stringify({ currentContext: name }));
}

describe("engineAddresses", () => {
  test("DOCKER_HOST is the only one", async () => {
    await writeContext("colima", "unix:///colima.sock");
    await writeCurrent("colima");
    expect(await engineAddresses({ HOME: home, DOCKER_HOST: "tcp://engine.example:2375" })).toEqual([
      { host: "tcp://engine.example:2375", origin: "DOCKER_HOST", explicit: true },
    ]);
  });

  test("a DOCKER_HOST that an earlier search set is no choice of the user's", async () => {
    const environment = {
      HOME: home,
      DOCKER_HOST: "unix:///x.sock",
      [FOUND_HOST_VARIABLE]: "unix:///x.sock",
    };
    const addresses = await engineAddresses(environment);
    expect(addresses[0]).toEqual({ host: `unix://${SYSTEM_SOCKET}`, origin: SYSTEM_SOCKET, explicit: false });
  });

  test("the current context comes before the usual sockets", async () => {
    await writeContext("colima", "unix:///colima.sock");
    await writeCurrent("colima");
    const addresses = await engineAddresses({ HOME: home, XDG_RUNTIME_DIR: "/run/user/1000" });
    expect(addresses[0]).toEqual({
      host: "unix:///colima.sock",
      origin: 'the docker context "colima"',
      explicit: false,
    });
    const hosts = addresses.map(({ host }) => host);
    expect(hosts.indexOf(`unix://${SYSTEM_SOCKET}`)).toBe(1);
    expect(hosts).toContain("unix:///run/user/1000/docker.sock");
    expect(hosts).toContain(`unix://${home}/.docker/run/docker.sock`);
  });

  test("DOCKER_CONTEXT is a choice: it beats the configuration, and no other engine takes its place", async () => {
    await writeContext("colima", "unix:///colima.sock");
    await writeContext("remote", "tcp://engine.example:2376");
    await writeCurrent("colima");
    const addresses = await engineAddresses({ HOME: home, DOCKER_CONTEXT: "remote" });
    expect(addresses).toEqual([
      expect.objectContaining({ host: "tcp://engine.example:2376", explicit: true }),
    ]);
  });

  test("a chosen context that does not exist is not passed over", async () => {
    const addresses = await engineAddresses({ HOME: home, DOCKER_CONTEXT: "gone" });
    expect(addresses).toEqual([{ host: "", origin: 'the docker context "gone"', explicit: true }]);
  });

  test("the context `default` and a damaged configuration mean the usual sockets", async () => {
    await writeCurrent("default");
    expect((await engineAddresses({ HOME: home }))[0]?.origin).toBe(SYSTEM_SOCKET);
    await writeFile(join(home, ".docker/config.json"), "{");
    expect((await engineAddresses({ HOME: home }))[0]?.origin).toBe(SYSTEM_SOCKET);
  });
});
