import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import type { PlannedFile } from "../../harness/plan/site-plan.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import type { SiteTestOptions } from "../../harness/vitest/site-test.ts";

const PORT = 9000;
/** Where the example's sidecar has its component files. */
const COMPONENTS = "/root/.dapr/components";

/** One request that main got from daprd. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values in the order in which they came. */
  readonly headers: readonly string[];
  readonly bytes: number;
  /** Main's own clock, milliseconds since 1970. */
  readonly atMs: number;
}

/** Answers 200, keeps what it was asked but for the platform's own questions, and shows it at `/seen`. */
const MAIN = `
import { createServer } from "node:http";
const seen = [];
process.on("SIGTERM", () => process.exit(0));
createServer((request, response) => {
  const atMs = Date.now();
  if (request.url === "/seen") return response.end(JSON.stringify(seen));
  let bytes = 0;
  request.on("data", (chunk) => { bytes += chunk.length; });
  request.on("end", () => {
    if (request.headers["user-agent"]?.startsWith("Go-http-client")) {
      seen.push({ method: request.method, path: request.url, headers: request.rawHeaders, bytes, atMs });
    }
    if (request.url === "/hangs") return;
    response.statusCode = request.url === "/fails" ? 500 : 200;
    response.end();
  });
}).listen(${PORT});
`;

/** A site whose main keeps what daprd asks it, and whose daprd has these cron bindings and nothing else. */
export interface CronSite {
  readonly definition: SiteDefinition;
  readonly options: Pick<SiteTestOptions, "files">;
}

/**
 * @param schedules by the names of the bindings, which also are their routes. Of one whose name begins with `asked` the file
 *   does not say that it is an input, so that daprd asks the app by OPTIONS (daprd.md §1.1).
 */
export function cronSite(example: SiteDefinition, schedules: Readonly<Record<string, string>>): CronSite {
  const definition: SiteDefinition = {
    ...example,
    name: "cron",
    siteContainers: example.siteContainers.map((one) =>
      one.properties.isMain
        ? { ...one, properties: { ...one.properties, startUpCommand: "node /program.mjs" } }
        : one,
    ),
    identity: { type: "None" },
    storageAccounts: [],
  };
  return {
    definition,
    options: { files: { main: [file("/program.mjs", MAIN)], dapr: componentFiles(schedules) } },
  };
}

/** In the places of the example's two. */
export function componentFiles(schedules: Readonly<Record<string, string>>): readonly PlannedFile[] {
  const components = Object.entries(schedules).map(([name, schedule]) =>
    [
      "apiVersion: dapr.io/v1alpha1",
      "kind: Component",
      `metadata: { name: ${name} }`,
      "spec:",
      "  type: bindings.cron",
      "  version: v1",
      "  metadata:",
      `    - { name: schedule, value: ${JSON.stringify(schedule)} }`,
      ...(name.startsWith("asked") ? [] : ["    - { name: direction, value: input }"]),
      "",
    ].join("\n"),
  );
  return [
    file(`${COMPONENTS}/batch.yaml`, components.join("---\n")),
    file(`${COMPONENTS}/blob.yaml`, "# none\n"),
  ];
}

export async function requestsOf(site: RunningSite): Promise<readonly SeenRequest[]> {
  const answer = await fetch(`${site.url}/seen`);
  return (await answer.json()) as readonly SeenRequest[];
}

function file(path: string, content: string): PlannedFile {
  return { path, content, mode: 0o644 };
}
