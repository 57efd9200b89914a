import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { percentile } from "../../harness/shared/distribution.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { Deadline, delay, poll } from "../../harness/shared/clock.ts";
import type { Host } from "../../harness/site/host.ts";

export interface ComposeFigures {
  readonly schedules: number;
  readonly perMinute: number;
  readonly p95LatenessMs: number;
}

const PROJECT = "sitecar-bench-compose";
const ACCOUNT = "devstoreaccount1";
/** Azurite's published key of its one account. */
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const TICKS = 2;
const SETTLE_MS = 40_000;
const GRACE_SECONDS = 5;
const HOW_TO_INSTALL =
  "no Compose loop: `docker-compose` is not installed (Debian: apt-get install --no-install-recommends docker-compose)";

/**
 * What one does without a laboratory: three fresh services for each schedule, each brought up by `docker-compose up -d` at
 * its time; two ticks awaited; all of it taken down. The images are the prepared ones; storage is Azurite with its own
 * account, since Compose has no identity to give.
 * @returns why it could not be run.
 */
export async function composeLoop(
  host: Host,
  schedules: readonly Schedule[],
): Promise<ComposeFigures | string> {
  const found = await execa("docker-compose", ["version"], { reject: false });
  if (found.failed) return HOW_TO_INSTALL;
  const directory = await mkdtemp(path.join(tmpdir(), "sitecar-compose-"));
  const compose = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await execa("docker-compose", ["-p", PROJECT, ...words], { cwd: directory });
    return stdout;
  };
  try {
    await writeProject(directory, host);
    const lateness: number[] = [];
    const began = performance.now();
    for (const schedule of schedules) {
      try {
        lateness.push(...(await runOne(schedule, compose)));
      } finally {
        await compose("down", "--volumes", "--timeout", String(GRACE_SECONDS));
      }
    }
    const minutes = (performance.now() - began) / 60_000;
    return {
      schedules: schedules.length,
      perMinute: schedules.length / minutes,
      p95LatenessMs: percentile(lateness, 0.95),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @returns how late each container of the site was. */
async function runOne(
  { starts }: Schedule,
  compose: (...words: readonly string[]) => Promise<string>,
): Promise<readonly number[]> {
  // It owns the network that the two share, and has to be there first.
  await compose("up", "-d", "storage");
  const beganMs = Date.now();
  await Promise.all(
    starts.map(async ({ container, atMs }) => {
      await delay(beganMs + (atMs ?? 0) - Date.now());
      await compose("up", "-d", "--no-deps", container);
    }),
  );
  const metrics = `http://127.0.0.1:${(await compose("port", "storage", "9090")).split(":").at(-1)}/metrics`;
  await poll(async () => ((await ticksAt(metrics)) >= TICKS ? true : undefined), {
    deadline: Deadline.in(SETTLE_MS),
  });
  return await Promise.all(
    starts.map(async ({ container, atMs }) => {
      const id = (await compose("ps", "-q", container)).trim();
      const { stdout } = await execa("docker", ["inspect", "--format", "{{.State.StartedAt}}", id]);
      return Date.parse(stdout.trim()) - beganMs - (atMs ?? 0);
    }),
  );
}

async function ticksAt(metrics: string): Promise<number> {
  const text = await (await fetch(metrics)).text();
  const line = /^dapr_component_input_binding_count\{.*success="true".*\} (\d+)/m.exec(text);
  return Number(line?.[1] ?? 0);
}

async function writeProject(directory: string, { images }: Host): Promise<void> {
  const reference = (image: string): string => images.of(`example.azurecr.io/${image}:1.0.0`).reference;
  const project = {
    version: "2.4",
    services: {
      storage: {
        image: images.storage.reference,
        command: ["azurite", "--blobHost", "127.0.0.1", "--inMemoryPersistence", "--skipApiVersionCheck"],
        ports: ["127.0.0.1:0:9090"],
      },
      main: { image: reference("main"), network_mode: "service:storage" },
      dapr: {
        image: reference("dapr-sidecar"),
        network_mode: "service:storage",
        volumes: ["./components:/root/.dapr/components:ro"],
      },
    },
  };
  await mkdir(path.join(directory, "components"));
  await writeFile(path.join(directory, "docker-compose.yml"), JSON.stringify(project));
  await writeFile(
    path.join(directory, "components", "batch.yaml"),
    component("batch", "bindings.cron", {
      schedule: "@every 1s",
      direction: "input",
      route: "/.internal/batch",
    }),
  );
  await writeFile(
    path.join(directory, "components", "blob.yaml"),
    component("blob", "bindings.azure.blobstorage", {
      accountName: ACCOUNT,
      accountKey: KEY,
      containerName: "container1",
      endpoint: "http://127.0.0.1:10000",
    }),
  );
}

/** JSON is YAML. */
function component(name: string, type: string, metadata: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    apiVersion: "dapr.io/v1alpha1",
    kind: "Component",
    metadata: { name },
    spec: {
      type,
      version: "v1",
      metadata: Object.entries(metadata).map(([key, value]) => ({ name: key, value })),
    },
  });
}
