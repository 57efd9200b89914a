import { describe, expect, it } from "vitest";

import { commandsOf, withDaprdFlag, withExec } from "./shell-script.ts";

const SIDECAR = `#!/usr/bin/env bash
# Starts daprd.
start_sshd

/root/.dapr/bin/daprd \\
  --resources-path /root/.dapr/components \\
  --metrics-port 9090 \\
  --app-id "\${APPID:-main}"
# --enable-metrics
`;

describe("commandsOf", () => {
  it("takes continued lines together, and leaves comments out", () => {
    expect(commandsOf(SIDECAR).map(({ text }) => text.split("\n").length)).toEqual([1, 4]);
  });

  it("says where each stands", () => {
    for (const { text, from, to } of commandsOf(SIDECAR)) expect(SIDECAR.slice(from, to)).toBe(text);
  });
});

describe("withExec", () => {
  it("puts exec before the last command", () => {
    expect(withExec(SIDECAR)).toBe(SIDECAR.replace("/root/.dapr/bin/daprd", "exec /root/.dapr/bin/daprd"));
    expect(withExec("set -e\nnode /app/index.js\n")).toBe("set -e\nexec node /app/index.js\n");
    expect(withExec('node -e "a; b | c"')).toBe('exec node -e "a; b | c"');
  });

  it("puts it before the program after which the script only says how it ended", () => {
    expect(withExec('node app.js\necho "ended with $?"\nexit 0\n')).toBe(
      'exec node app.js\necho "ended with $?"\nexit 0\n',
    );
  });

  it.each([
    ["a block before last words", "if true; then\n  node app.js\nfi\necho ended\n"],
    ["last words alone", "echo started\n"],
    ["an exec that is there", "exec node app.js\n"],
    ["a pipe", "node app.js | tee log\n"],
    ["a list", "node app.js; echo ended\n"],
    ["a block", "while true; do\n  node app.js\ndone\n"],
    ["a command in the background that is waited for", "node app.js &\nwait\n"],
    ["nothing", "# nothing\n"],
  ])("leaves %s alone", (_, script) => {
    expect(withExec(script)).toBeUndefined();
  });
});

describe("withDaprdFlag", () => {
  it("adds a flag right after the program", () => {
    expect(withDaprdFlag(SIDECAR, { flag: "dapr-block-shutdown-duration", value: "4s" })).toBe(
      SIDECAR.replace("bin/daprd", "bin/daprd --dapr-block-shutdown-duration 4s"),
    );
    expect(withDaprdFlag("daprd", { flag: "enable-app-health-check" })).toBe(
      "daprd --enable-app-health-check",
    );
  });

  it("replaces its value where it is there", () => {
    expect(withDaprdFlag(SIDECAR, { flag: "metrics-port", value: "9091" })).toBe(
      SIDECAR.replace("--metrics-port 9090", "--metrics-port 9091"),
    );
    expect(withDaprdFlag("daprd -app-port=1 --app-id a", { flag: "app-port", value: "2" })).toBe(
      "daprd --app-port 2 --app-id a",
    );
    expect(withDaprdFlag(SIDECAR, { flag: "app-id", value: "x" })).toContain("\n  --app-id x\n");
  });

  it("does not take a flag for another that begins alike", () => {
    expect(withDaprdFlag("daprd --app-port-x 1", { flag: "app-port", value: "2" })).toBe(
      "daprd --app-port 2 --app-port-x 1",
    );
  });

  it.each(["node app.js", "# daprd --app-port 1", "cat /etc/daprd.conf", "start-daprd.sh"])(
    "finds no daprd in %j",
    (script) => {
      expect(withDaprdFlag(script, { flag: "app-port", value: "2" })).toBeUndefined();
    },
  );
});
