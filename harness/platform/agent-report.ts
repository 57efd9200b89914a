import type { AgentReport } from "./agent-protocol.ts";

/**
 * Reads one line of the agent's standard output.
 * @throws {Error} when the line is not a report; the harness and the agent are one version, so only the outline is
 * checked: JSON, a time, and a type that is known with the fields that this type has.
 */
export function parseAgentReport(line: string): AgentReport {
  const report: unknown = JSON.parse(line);
  if (!isOfKnownType(report)) throw new Error("not a report of this version's agent");
  return report;
}

/** A line that can be nothing but a report, by its beginning. */
export function isReport(line: string): boolean {
  return line.startsWith('{"wallMs":');
}

type FieldKind = "string" | "number" | "boolean" | "object" | "number or null" | "string or null";

const FIELDS: { readonly [Type in AgentReport["type"]]: Readonly<Record<string, FieldKind>> } = {
  ready: {},
  answer: { id: "number", error: "string or null" },
  port: { change: "string", port: "number", address: "string" },
  probe: { container: "string", probe: "string", status: "number or null", detail: "string" },
  tick: {
    container: "string",
    component: "string",
    count: "number",
    success: "boolean",
    latencyMs: "number",
  },
  components: { container: "string", components: "object" },
  identity: {
    status: "number",
    path: "string",
    parameters: "object",
    headerMatched: "boolean",
    userAgent: "string",
  },
  storage: { host: "string", method: "string", path: "string", what: "string" },
  tap: {},
  exchange: { open: "boolean", exchange: "object" },
  gap: { gap: "object" },
  failure: { observer: "string", detail: "string" },
};

function isOfKnownType(value: unknown): value is AgentReport {
  if (typeof value !== "object" || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const type = fields["type"];
  if (typeof fields["wallMs"] !== "number" || typeof type !== "string" || !isReportType(type)) return false;
  return Object.entries(FIELDS[type]).every(([name, kind]) => isOfKind(fields[name], kind));
}

function isReportType(type: string): type is AgentReport["type"] {
  return Object.hasOwn(FIELDS, type);
}

function isOfKind(value: unknown, kind: FieldKind): boolean {
  if (kind === "number or null") return value === null || typeof value === "number";
  if (kind === "string or null") return value === null || typeof value === "string";
  return value !== null && typeof value === kind;
}
