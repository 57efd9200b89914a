import type { TwinPhase } from "../phase.ts";

/** Which daprd a case asks. */
export type SidecarName = keyof typeof SIDECARS;

/** The daprds of the parity suite, as the twin is told of them. */
export const SIDECARS = {
  /** The example's components and those of `test-support/components`; the app listens. */
  full: { phase: "up", apiToken: "", extra: true },
  /** The example's components alone, an API token, and no app yet. */
  bare: { phase: "waiting-for-app", apiToken: "twin-token", extra: false },
} as const satisfies Record<string, { phase: TwinPhase; apiToken: string; extra: boolean }>;

export interface CaseRequest {
  readonly method: string;
  readonly target: string;
  /** A string or bytes as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests one after the other; every answer is compared. */
export interface ParityCase {
  readonly name: string;
  /** Default `full`. */
  readonly sidecar?: SidecarName;
  readonly requests: readonly CaseRequest[];
  /** Storage answers with this status meanwhile. */
  readonly storageStatus?: number;
}

/** An answer, with what varies replaced. */
export interface CaseAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** As text; bytes that are no UTF-8 as `base64:…`. */
  readonly body: string;
}

export const BLOB = "/v1.0/bindings/blob";

export function post(target: string, body?: unknown, headers?: CaseRequest["headers"]): CaseRequest {
  return {
    method: "POST",
    target,
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  };
}

export function get(target: string, headers?: CaseRequest["headers"]): CaseRequest {
  return { method: "GET", target, ...(headers === undefined ? {} : { headers }) };
}

/** A call of the binding `blob`. */
export function blob(
  operation: string,
  metadata?: Readonly<Record<string, unknown>>,
  data?: unknown,
): CaseRequest {
  return post(BLOB, {
    operation,
    ...(metadata === undefined ? {} : { metadata }),
    ...(data === undefined ? {} : { data }),
  });
}

/** One request, named by itself. */
export function single(request: CaseRequest, sidecar?: SidecarName, name = nameOf(request)): ParityCase {
  return { name, requests: [request], ...(sidecar === undefined ? {} : { sidecar }) };
}

function nameOf({ method, target, body, headers }: CaseRequest): string {
  const sent =
    body === undefined ? "" : ` ${typeof body === "string" ? JSON.stringify(body) : describe(body)}`;
  const carried =
    headers === undefined
      ? ""
      : ` with ${Object.entries(headers)
          .map((one) => one.join(": "))
          .join(", ")}`;
  return `${method} ${target}${sent}${carried}`.slice(0, 200);
}

function describe(body: unknown): string {
  return body instanceof Uint8Array
    ? `${body.length} bytes ${Buffer.from(body).subarray(0, 8).toString("hex")}`
    : JSON.stringify(body);
}

/** Of the recorded answers. */
export function caseKey({ name, sidecar = "full" }: ParityCase): string {
  return `[${sidecar}] ${name}`;
}
