import type { TwinAnswer, TwinRequest } from "../answer.ts";
import type { LoadedComponents } from "../components.ts";
import type { TwinPhase } from "../phase.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Trace } from "../tracing.ts";
import type { DaprFacts } from "../versions/dapr-facts.ts";

/** What a handler of one of daprd's APIs gets. */
export interface ApiCall {
  readonly request: TwinRequest;
  /** Parts of the path by their names in the route, unescaped. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly trace: Trace;
  readonly sidecar: SidecarState;
}

/** What the twin is, seen by its APIs. */
export interface SidecarState {
  readonly facts: DaprFacts;
  readonly appId: string;
  /** Absent: daprd knows no app. */
  readonly appPort?: number;
  readonly components: LoadedComponents;
  /** Names. */
  readonly resiliencies: readonly string[];
  readonly surroundings: Surroundings;
  /** `PUT /v1.0/metadata/{key}`. */
  readonly extendedMetadata: Map<string, string>;
  phase: TwinPhase;
}

export type ApiHandler = (call: ApiCall) => TwinAnswer;
