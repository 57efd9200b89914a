import type { AgentDaprSidecar } from "../../../harness/platform/agent-protocol.ts";
import type { LocalHttp, Look } from "./local-http.ts";
import { Pause, repeat } from "./pause.ts";
import type { Reporter } from "./report.ts";

/** A stable set of components is asked for this much more seldom than a healthy daprd's health. */
const STABLE_FACTOR = 10;

export interface DaprComponentsOptions {
  readonly sidecar: AgentDaprSidecar;
  readonly http: LocalHttp;
  readonly healthyIntervalMs: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

interface Component {
  readonly name: string;
  readonly type: string;
}

/**
 * Reports the set of components in daprd's metadata whenever it changes. The set is empty while nothing listens on
 * daprd's port, so that a daprd that comes back is seen anew.
 */
export class DaprComponents {
  readonly #options: DaprComponentsOptions;
  readonly #pause = new Pause();
  #served = false;
  #last = "[]";

  constructor(options: DaprComponentsOptions) {
    this.#options = options;
  }

  /** To be told what the outbound health probe saw: metadata is worth reading only while daprd's API is served. */
  outboundChanged(look: Look): void {
    this.#served = look.status === 204;
    if (look.detail === "ECONNREFUSED") this.#update([]);
    if (this.#served) this.#pause.end();
  }

  /** There is reason to believe that the set has changed. */
  lookAgain(): void {
    this.#pause.end();
  }

  async watch(): Promise<void> {
    const { sidecar, healthyIntervalMs, reporter, signal } = this.#options;
    await repeat(() => this.#look(), {
      pause: this.#pause,
      signal,
      intervalAfterErrorMs: healthyIntervalMs,
      onError: (error) =>
        reporter.failure(
          `${sidecar.container} metadata`,
          error instanceof Error ? error.message : String(error),
        ),
    });
  }

  async #look(): Promise<number> {
    const { http, healthyIntervalMs, sidecar, reporter, signal } = this.#options;
    const whenStable = healthyIntervalMs * STABLE_FACTOR;
    if (!this.#served) return whenStable;
    const seen = await http.get("/v1.0/metadata");
    if (!this.#served || signal.aborted || seen.status === null) return healthyIntervalMs;
    if (seen.status !== 200) {
      reporter.failure(
        `${sidecar.container} metadata`,
        `GET /v1.0/metadata answered ${seen.status} ${seen.body.slice(0, 200)}`,
        `status ${seen.status}`,
      );
      return whenStable;
    }
    return this.#update(parseComponents(seen.body)) ? healthyIntervalMs : whenStable;
  }

  #update(components: readonly Component[]): boolean {
    const now = JSON.stringify(components);
    if (now === this.#last) return false;
    this.#last = now;
    const { reporter, sidecar } = this.#options;
    reporter.report({ type: "components", container: sidecar.container, components });
    return true;
  }
}

/** Components of a metadata document, sorted by name, as daprd's own order is that of a map. */
export function parseComponents(body: string): Component[] {
  const metadata: unknown = JSON.parse(body);
  if (typeof metadata !== "object" || metadata === null) throw new Error("the metadata is no object");
  const listed = "components" in metadata ? metadata.components : [];
  if (!Array.isArray(listed)) throw new Error("the metadata's components are no list");
  return listed.map(toComponent).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function toComponent(entry: unknown): Component {
  if (typeof entry === "object" && entry !== null && "name" in entry && "type" in entry) {
    const { name, type } = entry;
    if (typeof name === "string" && typeof type === "string") return { name, type };
  }
  throw new Error(`not a component: ${JSON.stringify(entry)}`);
}
