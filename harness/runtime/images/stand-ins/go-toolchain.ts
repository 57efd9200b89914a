import { createHash } from "node:crypto";
import { access, chmod, copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { SitecarError } from "../../../errors/index.ts";
import { lockFile } from "../../file-lock.ts";
import { runOnHost } from "../../host-command.ts";
import { findCommand } from "../../host-packages.ts";
import type { Step } from "../steps.ts";
import type { Workshop } from "../workshop.ts";
import { downloadFile } from "./download-file.ts";
import { goProxies } from "./go-proxies.ts";
import { unpackZip } from "./unpack-zip.ts";

/** The `go` line of dapr 1.18.2's go.mod; earlier releases ask for less. */
const MINIMUM_GO = [1, 26, 5] as const;
const VERSION = "go1.26.8";

/** sha256 of the toolchain's module zip, per platform. */
const DIGESTS: Readonly<Record<string, string>> = {
  "linux-amd64": "30c2b1bf7dcc88d3eb0a1364e47ddd9128edb3110a30e8a0ef61cd5856b31de7",
  "linux-arm64": "02b36b6787b3ac767668f630e2998df45a3b1f9ffee08d1bf3ef6487cd658d99",
};

/**
 * The path of a `go` that can compile daprd: the one on the PATH when it is new enough, else the toolchain that the Go
 * module proxy serves, checked against a pinned digest and kept in sitecar's cache.
 */
export async function ensureGo(workshop: Workshop, step: Step): Promise<string> {
  const installed = await findCommand("go", workshop.environment);
  if (installed !== undefined && (await isNewEnough(installed, step))) return installed;
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const digest = DIGESTS[platform];
  if (digest === undefined) {
    throw new SitecarError("IMAGE_BUILD_FAILED", {
      message: `Go ${MINIMUM_GO.join(".")} or newer is needed to compile daprd, and is not on the PATH.`,
      remedy: "install Go (https://go.dev/dl), or make an image registry reachable.",
    });
  }
  const directory = join(workshop.cacheDirectory, "go", `${VERSION}.${platform}`);
  const go = join(directory, "bin/go");
  await using held = new AsyncDisposableStack();
  held.use(
    await lockFile("go-toolchain", {
      directory: join(workshop.cacheDirectory, "locks"),
      signal: step.signal,
    }),
  );
  if (!(await exists(go))) await install(workshop, step, { platform, digest, directory });
  return go;
}

async function isNewEnough(go: string, step: Step): Promise<boolean> {
  const answer = await runOnHost([go, "env", "GOVERSION"], {
    environment: { GOTOOLCHAIN: "local" },
    signal: step.signal,
  }).catch(() => "");
  const parts = /^go(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(answer.trim())
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (parts === undefined) return false;
  for (const [index, wanted] of MINIMUM_GO.entries()) {
    const has = parts[index] ?? 0;
    if (has !== wanted) return has > wanted;
  }
  return true;
}

async function install(
  workshop: Workshop,
  step: Step,
  { platform, digest, directory }: { platform: string; digest: string; directory: string },
): Promise<void> {
  const name = `v0.0.1-${VERSION}.${platform}`;
  step.say(`fetching ${VERSION} for ${platform} from the Go module proxy`);
  const zip = await downloadFile({
    urls: (await goProxies(workshop.environment)).map(
      (proxy) => `${proxy}/golang.org/toolchain/@v/${name}.zip`,
    ),
    environment: workshop.environment,
    signal: step.signal,
  });
  const actual = createHash("sha256").update(zip).digest("hex");
  if (actual !== digest) {
    throw new Error(`the Go toolchain ${name} has sha256 ${actual}, but ${digest} is the published one`);
  }
  step.say(`unpacking ${VERSION}`);
  const draft = `${directory}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    await unpackZip(zip, draft, {
      prefix: `golang.org/toolchain@${name}/`,
      leaveOut: (path) => path.includes("/testdata/") || path.startsWith("test/"),
    });
    await completeToolchain(draft);
    await rename(draft, directory);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What the go command itself does after it unpacked a toolchain: modules can hold neither modes nor nested go.mod files. */
async function completeToolchain(directory: string): Promise<void> {
  for (const path of ["src", "src/cmd"]) {
    await copyFile(join(directory, path, "_go.mod"), join(directory, path, "go.mod"));
  }
  for (const tools of ["bin", "pkg/tool"]) {
    for (const entry of await readdir(join(directory, tools), { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
