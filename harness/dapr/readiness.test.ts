import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { readComponentFile, type ComponentFile } from "./component-files.ts";
import { parseDaprMetadata, type DaprMetadata } from "./dapr-metadata.ts";
import { DaprMetrics } from "./dapr-metrics.ts";
import { parsePrometheusText } from "./prometheus-text.ts";
import { judgeReadiness, type DaprSnapshot } from "./readiness.ts";

// Captured from daprd 1.18.2 with four cron bindings and an app that answers OPTIONS /nodir with 404, /accepted with 200.
let file: ComponentFile;
let before: DaprMetadata;
let found: DaprMetadata;
let metrics: Record<"before-app" | "app-found" | "after-tick", DaprMetrics>;

const support = (name: string): URL => new URL(`test-support/${name}`, import.meta.url);

beforeAll(async () => {
  const page = async (name: string): Promise<DaprMetrics> =>
    new DaprMetrics(parsePrometheusText(await readFile(support(`metrics-${name}.txt`), "utf8")));
  file = readComponentFile("four.yaml", await readFile(support("four-cron-bindings.yaml")));
  before = parseDaprMetadata(await readFile(support("metadata-before-app.json"), "utf8"));
  found = parseDaprMetadata(await readFile(support("metadata-app-found.json"), "utf8"));
  metrics = {
    "before-app": await page("before-app"),
    "app-found": await page("app-found"),
    "after-tick": await page("after-tick"),
  };
});

const states = (snapshot: DaprSnapshot, files = [file]): Record<string, string> =>
  Object.fromEntries(
    judgeReadiness(files, snapshot).inputBindings.map(({ component, state }) => [component, state]),
  );

const withoutNodir = (): ComponentFile => ({
  ...file,
  components: file.components.filter(({ name }) => name !== "nodir"),
});

const page = (...lines: string[]): DaprMetrics => new DaprMetrics(parsePrometheusText(lines.join("\n")));
const CONFIGURED = 'dapr_http_client_sent_bytes_count{method="GET",path="/dapr/config",status=""} 1';
const asked = (path: string): string =>
  `dapr_http_client_sent_bytes_count{method="OPTIONS",path="${path}",status=""} 1`;
const answered = (path: string, status: number): string =>
  `dapr_http_client_completed_count{method="OPTIONS",path="${path}",status="${status}"} 1`;

test("nothing answers: everything is missing and inactive", () => {
  const readiness = judgeReadiness([file], { health: null, metadata: null, metrics: null });
  expect(readiness.ready).toBe(false);
  expect(readiness.missing.map(({ component }) => component)).toEqual([
    "withdir",
    "nodir",
    "accepted",
    "outdir",
  ]);
  expect(readiness.inputBindings.map(({ state }) => state)).toEqual(["inactive", "inactive", "inactive"]);
});

test("daprd waits for the app: loaded, inactive", () => {
  const snapshot = { health: 500, metadata: before, metrics: metrics["before-app"] };
  const readiness = judgeReadiness([file], snapshot);
  expect(readiness.missing).toEqual([]);
  expect(readiness.ready).toBe(false);
  expect(states(snapshot)).toEqual({ withdir: "inactive", nodir: "inactive", accepted: "inactive" });
  expect(readiness.inputBindings[0]?.reason).toBe("daprd waits for the app: healthz 500");
});

test("app found, before the first tick: the answers to OPTIONS tell, and a 404 is seen as the refusal it is", () => {
  const snapshot = { health: 204, metadata: found, metrics: metrics["app-found"] };
  expect(states(snapshot)).toEqual({ withdir: "active", nodir: "refused", accepted: "active" });
  const readiness = judgeReadiness([file], snapshot);
  expect(readiness.ready).toBe(false);
  expect(readiness.inputBindings.find(({ component }) => component === "nodir")?.reason).toBe(
    "the app answered OPTIONS /nodir with 404",
  );
  expect(judgeReadiness([withoutNodir()], snapshot).ready).toBe(true);
});

test("a tick proves a binding, whatever its outcome", () => {
  const snapshot = { health: 204, metadata: found, metrics: metrics["after-tick"] };
  const accepted = judgeReadiness([file], snapshot).inputBindings.find(
    ({ component }) => component === "accepted",
  );
  expect(accepted).toMatchObject({ state: "active", reason: "called the app 1 times, 1 failed" });
});

test("without metrics the first tick is all that would prove it", () => {
  expect(states({ health: 204, metadata: found, metrics: null })).toEqual({
    withdir: "unproven",
    nodir: "unproven",
    accepted: "unproven",
  });
});

test("healthz 204 alone is not enough: an app that was never healthy was never asked for its configuration", () => {
  const snapshot = { health: 204, metadata: found, metrics: metrics["before-app"] };
  expect(states(snapshot)).toEqual({ withdir: "inactive", nodir: "inactive", accepted: "inactive" });
});

test("OPTIONS that never got an answer: refused, and the bindings after it are in doubt", () => {
  const hung = page(CONFIGURED, asked("/nodir"), asked("/accepted"), answered("/accepted", 405));
  expect(states({ health: 204, metadata: found, metrics: hung })).toEqual({
    withdir: "unproven",
    nodir: "refused",
    accepted: "active",
  });
});

test("OPTIONS answered both ways, or not to be found, proves nothing", () => {
  const both = page(CONFIGURED, asked("/nodir"), answered("/nodir", 404), answered("/nodir", 200));
  expect(states({ health: 204, metadata: found, metrics: both })).toMatchObject({
    nodir: "unproven",
    accepted: "unproven",
  });
});

test("a component that another app is meant for is not missed", () => {
  const other = { ...file, components: file.components.map((it) => ({ ...it, scopes: ["other"] })) };
  expect(judgeReadiness([other], { health: 204, metadata: found, metrics: null })).toEqual({
    ready: true,
    missing: [],
    inputBindings: [],
  });
});

test("what daprd skips is missing, and so is a component it has not loaded", () => {
  const malformed = readComponentFile("bad.yaml", Buffer.from("kind: [broken"));
  const fewer = { ...found, components: found.components.filter(({ name }) => name !== "outdir") };
  const { ready, missing } = judgeReadiness([withoutNodir(), malformed], {
    health: 204,
    metadata: fewer,
    metrics: metrics["app-found"],
  });
  expect(ready).toBe(false);
  expect(missing).toEqual([
    { component: "bad.yaml, document 1", reason: expect.stringContaining("daprd skips it: Flow sequence") },
    { component: "outdir", reason: "not in daprd's metadata (four.yaml)" },
  ]);
});

test("no app port: nothing will ever be called", () => {
  const { appConnectionProperties: _, ...appless } = found;
  const snapshot = { health: 204, metadata: appless, metrics: metrics["app-found"] };
  expect(states(snapshot)).toEqual({ withdir: "inactive", nodir: "inactive", accepted: "inactive" });
});
