import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Debian bookworm's. */
const PYTHON = "3.11";

const wheels = join(import.meta.dirname, "dist/wheels");
const done = join(import.meta.dirname, "dist/fetched.txt");
const requirements = join(import.meta.dirname, "requirements.txt");
const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
const wanted = `${PYTHON} ${machine}\n${readFileSync(requirements, "utf8")}`;

// pip asks its index even when it has everything.
if (fetched() !== wanted) {
  rmSync(wheels, { recursive: true, force: true });
  execFileSync(
    "pip3",
    [
      "download",
      "--quiet",
      "--requirement",
      requirements,
      "--dest",
      wheels,
      "--only-binary=:all:",
      "--python-version",
      PYTHON,
      "--implementation",
      "cp",
      ...["manylinux_2_28", "manylinux_2_17", "manylinux2014"].flatMap((name) => [
        "--platform",
        `${name}_${machine}`,
      ]),
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  writeFileSync(done, wanted);
}

function fetched() {
  try {
    return readFileSync(done, "utf8");
  } catch {
    return undefined;
  }
}
