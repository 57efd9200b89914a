import type { SiteContainer, SiteDefinition } from "../../harness/definition/site-definition.ts";
import type { PlannedFile } from "../../harness/plan/site-plan.ts";
import type { SiteTestOptions } from "../../harness/vitest/site-test.ts";

/** The image that every container of a small site runs on: the example's main, for its Node. */
const IMAGE = "example.azurecr.io/main:1.0.0";
const MAIN_PORT = 8080;

export interface SmallSite {
  readonly definition: SiteDefinition;
  /** Places the programs; goes into `startSite`. */
  readonly options: Pick<SiteTestOptions, "files">;
}

/**
 * A site that starts in a second: each container runs one program of a few lines (ES module, Node), the first is main. For
 * what the platform does around containers, where it does not matter what they are.
 */
export function smallSite(
  example: SiteDefinition,
  programs: Readonly<Record<string, string>>,
  more: Partial<SiteDefinition> = {},
): SmallSite {
  const siteContainers = Object.keys(programs).map((name, index): SiteContainer => ({
    name,
    properties: {
      image: IMAGE,
      isMain: index === 0,
      ...(index === 0 ? { targetPort: String(MAIN_PORT) } : {}),
      startUpCommand: "node /program.mjs",
    },
  }));
  const files = Object.fromEntries(
    Object.entries(programs).map(([name, content]): [string, readonly PlannedFile[]] => [
      name,
      [{ path: "/program.mjs", content, mode: 0o644 }],
    ]),
  );
  const definition: SiteDefinition = {
    name: "small",
    siteContainers,
    appSettings: [],
    identity: { type: "None" },
    storageAccounts: [],
    builds: Object.fromEntries(Object.entries(example.builds).filter(([image]) => image === IMAGE)),
    daprSidecars: [],
    observedPorts: [],
    ...more,
  };
  return { definition, options: { files } };
}

/**
 * A main that answers every path with its worker's id and environment as JSON; `/crash` ends it with 3, `/healthz` is 500 from
 * the first `/sicken` on until `/heal`, `/slow` answers after 1.5 s. It ends at once on SIGTERM.
 */
export const ANSWERING_MAIN = `
import { createServer } from "node:http";
let healthy = true;
process.on("SIGTERM", () => process.exit(0));
createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://main");
  if (pathname === "/crash") process.exit(3);
  if (pathname === "/sicken") healthy = false;
  if (pathname === "/heal") healthy = true;
  response.statusCode = pathname === "/healthz" && !healthy ? 500 : 200;
  const answer = () => response.end(JSON.stringify({ path: pathname, environment: process.env }));
  if (pathname === "/slow") setTimeout(answer, 1500);
  else answer();
}).listen(${MAIN_PORT});
`;

/** Where {@link IDLE} listens, so that one can see that it is up. */
export const IDLE_PORT = 7000;

/** A sidecar that does nothing until it is ended; SIGTERM ends it with 0 as soon as it listens. */
export const IDLE = `
import { createServer } from "node:http";
process.on("SIGTERM", () => process.exit(0));
createServer().listen(${IDLE_PORT});
`;

/** A sidecar that ends by itself with a code, so long after its start. */
export function endsAfter(ms: number, code: number): string {
  return `setTimeout(() => process.exit(${code}), ${ms});`;
}

/** What {@link ANSWERING_MAIN} says. */
export interface MainAnswer {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

export async function askMain(url: string, path = "/"): Promise<MainAnswer> {
  const answer = await fetch(new URL(path, url));
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
  return (await answer.json()) as MainAnswer;
}
