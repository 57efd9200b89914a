import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";

const characters = "\"$`\\=&!#'\n\r\t ~*{}()<>|;a0é漢🙂".match(/./gsu) ?? [];
const script = join(import.meta.dirname, "container-start.sh");

class ProfileFile implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), "sitecar-profile-"));
  readonly path = join(this.directory, "profile");

  constructor() {
    writeFileSync(this.path, "# as the image has it\n");
  }

  /** Runs what the entrypoints run, with exactly this environment. */
  append(environment: Readonly<Record<string, string>>): void {
    const command = `. "$0"; append_environment_to "$1"`;
    execFileSync("bash", ["--norc", "-c", command, script, this.path], {
      env: { PATH: process.env["PATH"], ...environment },
    });
  }

  /** The environment of a shell that starts with nothing and sources the file, as sshd's login shell does. */
  sourced(): Record<string, string> {
    const command = `. "$1" || exit 1; exec env -0`;
    const output = execFileSync("bash", ["--norc", "-c", command, "bash", this.path], {
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const entries = output.toString("utf8").split("\0").filter(Boolean);
    return Object.fromEntries(entries.map((entry) => split(entry)));
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }
}

function split(entry: string): [string, string] {
  const equals = entry.indexOf("=");
  return [entry.slice(0, equals), entry.slice(equals + 1)];
}

test("the example's app setting with every special character reads the same", () => {
  const file = join(import.meta.dirname, "../../../fixtures/sites/example/appsettings.json");
  const settings = JSON.parse(readFileSync(file, "utf8")) as { name: string; value: string }[];
  const special = settings.find(({ value }) =>
    ['"', "$", "`", "\\", "="].every((character) => value.includes(character)),
  );
  if (special === undefined) throw new Error(`no setting in ${file} holds all of " $ \` \\ =`);

  using profile = new ProfileFile();
  profile.append({ [special.name]: special.value });
  expect(profile.sourced()[special.name]).toBe(special.value);
});

test("any values survive: shell syntax, newlines, unicode", () => {
  const escaped = array(constantFrom('"', "$", "`", "\\", "\n", "a"));
  const value = oneof(
    escaped.map((parts) => parts.join("")),
    array(constantFrom(...characters, "$(id)", "${x}", "\\n", "EOF\n")).map((parts) => parts.join("")),
    string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
    string({ unit: "binary" }).map((text) => text.toWellFormed().replaceAll("\0", "")),
  );
  assert(
    property(array(value, { minLength: 1, maxLength: 30 }), (values) => {
      const environment = Object.fromEntries(values.map((text, index) => [`VALUE_${index}`, text]));
      using profile = new ProfileFile();
      profile.append(environment);
      expect(profile.sourced()).toMatchObject(environment);
    }),
    { numRuns: 25 },
  );
});

test("names that a shell cannot assign are left out, and no line fails", () => {
  using profile = new ProfileFile();
  profile.append({
    "with-dash": "1",
    "1digit": "2",
    "dot.ted": "3",
    UID: "4",
    "BASH_FUNC_f%%": "() { :; }",
    KEPT: "5",
  });
  const lines = readFileSync(profile.path, "utf8");
  expect(lines).toContain('export KEPT="5"\n');
  expect(lines).not.toMatch(/with-dash|1digit|dot\.ted|UID|BASH_FUNC/);
  expect(profile.sourced()).toMatchObject({ KEPT: "5" });
});

test("what describes the entrypoint's own shell is left out", () => {
  using profile = new ProfileFile();
  profile.append({});
  expect(readFileSync(profile.path, "utf8")).not.toMatch(/^export (_|PWD|OLDPWD|SHLVL)=/m);
});

test("what the image has in the file stays, and after a second start the later lines win", () => {
  using profile = new ProfileFile();
  profile.append({ SETTING: "first" });
  profile.append({ SETTING: "second" });
  expect(readFileSync(profile.path, "utf8")).toMatch(/^# as the image has it\n/);
  expect(profile.sourced()["SETTING"]).toBe("second");
});
