import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";
import { runOverSsh, type SshLogin } from "../support/ssh.ts";

const MAIN = 2222;
const SIDECAR = 2223;

/** As App Service's web SSH: the password of every custom image, one of the old ciphers and the old MAC (A7.3). */
const LOGIN: SshLogin = { username: "root", password: "Docker!", cipher: "aes128-cbc", mac: "hmac-sha1" };

const test = siteTest("fixtures/sites/example", { until: "scheduled" });

test("a login on both containers reads an app setting with all that a shell would expand, as it is", async ({
  site,
}) => {
  const setting = site.definition.appSettings.find(({ name }) => name === "GREETING_TEMPLATE")?.value ?? "";
  for (const character of ['"', "$", "`", "\\", "="]) expect(setting).toContain(character);

  // Only a login shell reads /etc/profile, into which the entrypoints write the environment.
  const read = `bash -lc 'printf %s "$GREETING_TEMPLATE"'`;
  expect(await overSsh(site, MAIN, LOGIN, read)).toBe(setting);
  expect(await overSsh(site, SIDECAR, LOGIN, read)).toBe(setting);

  // They are two containers: what listens on one port is main's, on the other the sidecar's.
  const program = "ls -d /app /root/.dapr/bin/daprd 2>/dev/null || true";
  expect(await overSsh(site, MAIN, LOGIN, program)).toBe("/app\n");
  expect(await overSsh(site, SIDECAR, LOGIN, program)).toBe("/root/.dapr/bin/daprd\n");

  const wrong = { ...LOGIN, password: "docker" };
  await expect(overSsh(site, MAIN, wrong, "true")).rejects.toThrow("authentication methods failed");
  await expect(overSsh(site, SIDECAR, wrong, "true")).rejects.toThrow("authentication methods failed");
});

async function overSsh(site: RunningSite, port: number, login: SshLogin, command: string): Promise<string> {
  await untilEvent(site, "port.opened", { withinMs: 60_000, matches: (event) => event.port === port });
  return await runOverSsh(site.publishedPort(port), login, command);
}
