/** A component that daprd has loaded. */
export interface LoadedComponent {
  readonly name: string;
  readonly type: string;
  readonly version: string;
  /** For example `INPUT_BINDING`; empty for what has none. */
  readonly capabilities: readonly string[];
}

/** `GET /v1.0/metadata`, as daprd 1.18 answers it. */
export interface DaprMetadata {
  readonly id: string;
  readonly runtimeVersion: string;
  readonly components: readonly LoadedComponent[];
  readonly subscriptions: readonly { readonly pubsubName: string; readonly topic: string }[];
  readonly enabledFeatures: readonly string[];
  /** Absent: daprd has no app (`--app-port` missing or 0). */
  readonly appConnectionProperties?: {
    readonly port: number;
    readonly protocol: string;
    readonly channelAddress: string;
  };
  /** `DISABLED` without placement service (daprd.md §7). */
  readonly actorRuntime: { readonly runtimeStatus: string; readonly hostReady: boolean };
  /** Everything else that daprd said, unread. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** @throws {Error} when the text is not JSON or not what daprd answers. */
export function parseDaprMetadata(text: string): DaprMetadata {
  const parsed: unknown = JSON.parse(text);
  if (!isRecord(parsed) || typeof parsed["id"] !== "string") {
    throw new Error("the answer has no id, so it is not daprd's metadata");
  }
  const connection = parsed["appConnectionProperties"];
  const actors = isRecord(parsed["actorRuntime"]) ? parsed["actorRuntime"] : {};
  return {
    id: parsed["id"],
    runtimeVersion: textOf(parsed["runtimeVersion"]),
    components: records(parsed["components"]).map((component) => ({
      name: textOf(component["name"]),
      type: textOf(component["type"]),
      version: textOf(component["version"]),
      capabilities: strings(component["capabilities"]),
    })),
    subscriptions: records(parsed["subscriptions"]).map((subscription) => ({
      pubsubName: textOf(subscription["pubsubname"]),
      topic: textOf(subscription["topic"]),
    })),
    enabledFeatures: strings(parsed["enabledFeatures"]),
    ...(isRecord(connection)
      ? {
          appConnectionProperties: {
            port: typeof connection["port"] === "number" ? connection["port"] : 0,
            protocol: textOf(connection["protocol"]),
            channelAddress: textOf(connection["channelAddress"]),
          },
        }
      : {}),
    actorRuntime: {
      runtimeStatus: textOf(actors["runtimeStatus"]),
      hostReady: actors["hostReady"] === true,
    },
    raw: parsed,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
