import type { SiteDefinition } from "../../harness/definition/site-definition.ts";

const MAIN = `
const http = require("node:http");
const held = [];
http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://main");
  if (pathname === "/hold") held.push(Buffer.alloc(Number(searchParams.get("mb")) * 1024 * 1024, 1));
  if (pathname === "/work") (function work() { for (let i = 0; i < 1e7; i++); setImmediate(work); })();
  response.end(String(held.length));
}).listen(8080);
`;

/** Main holds as much memory as it is asked to, or works without end; the sidecar does nothing by itself. */
export const siteOfTwo: SiteDefinition = {
  name: "two",
  siteContainers: [
    {
      name: "main",
      properties: {
        image: "node:24-bookworm-slim",
        isMain: true,
        targetPort: "8080",
        startUpCommand: `node -e '${MAIN.replaceAll("\n", " ")}'`,
      },
    },
    {
      name: "helper",
      properties: { image: "debian:bookworm-slim", isMain: false, startUpCommand: "sleep infinity" },
    },
  ],
  appSettings: [],
  identity: { type: "None" },
  storageAccounts: [],
  builds: {},
  daprSidecars: [],
  observedPorts: [],
};

/** The same with a sidecar that runs another command. */
export function withHelper(startUpCommand: string): SiteDefinition {
  return {
    ...siteOfTwo,
    siteContainers: siteOfTwo.siteContainers.map((container) =>
      container.name === "helper"
        ? { ...container, properties: { ...container.properties, startUpCommand } }
        : container,
    ),
  };
}
