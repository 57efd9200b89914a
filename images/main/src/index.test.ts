import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startSidecarStandIn } from "./sidecar-stand-in.ts";

/** Runs the app as a process of its own, as the container does. */
function runApp(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "index.ts")], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = (async () => {
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { code: code as number | null, output, errors };
  })();
  return { ended, stop: () => child.kill("SIGTERM") };
}

test("eager: a refused blob ends the app with code 1 and the error, before it listens", async () => {
  await using sidecar = await startSidecarStandIn(() => ({
    status: 500,
    body: { message: "storage said no" },
  }));
  const app = runApp({ SEND_ON_START: "true", DAPR_CLIENT_PORT: String(sidecar.port) });
  const { code, output, errors } = await app.ended;
  expect(code).toBe(1);
  expect(errors).toMatch(/^the app could not start: Error: .*storage said no/m);
  expect(output).not.toContain("listening");
  expect(sidecar.requests.at(-1)?.body).toMatch(/"blobName":"start_\d+\.txt"/);
});

test("SIGTERM while the eager blob is under way ends the app with code 0", async () => {
  const asked = Promise.withResolvers<void>();
  await using sidecar = await startSidecarStandIn(() => {
    asked.resolve();
    return Promise.withResolvers<never>().promise;
  });
  const app = runApp({ SEND_ON_START: "true", DAPR_CLIENT_PORT: String(sidecar.port) });
  await asked.promise;
  app.stop();
  const { code, output } = await app.ended;
  expect(code).toBe(0);
  expect(output).toContain("SIGTERM received");
});

test("a wrong setting ends the app with code 1 and names it", async () => {
  const { code, errors } = await runApp({ APPPORT: "nine" }).ended;
  expect(code).toBe(1);
  expect(errors).toContain('APPPORT is "nine"');
});
