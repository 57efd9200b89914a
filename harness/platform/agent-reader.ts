import { SitecarError } from "../errors/index.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { Deadline } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { exchangeAt } from "../wire/exchange-times.ts";
import type { AgentReport } from "./agent-protocol.ts";
import { parseAgentReport } from "./agent-report.ts";
import { portOwners } from "./port-owners.ts";

const OBSERVER = "platform agent";

export interface AgentReaderOptions {
  readonly plan: SitePlan;
  readonly timeline: Timeline;
  /** Gets the agent's answers to requests (see `AgentControl`), and is told when no more can come. */
  readonly answers?: AgentAnswers;
}

/** The agent's answer to one request. */
export type AgentAnswer = Omit<Extract<AgentReport, { readonly type: "answer" }>, "type" | "wallMs">;

export interface AgentAnswers {
  answered(answer: AgentAnswer): void;
  end(): void;
}

export interface WaitUntilReadyOptions {
  readonly deadline: Deadline;
  readonly signal?: AbortSignal;
}

type Component = Extract<AgentReport, { readonly type: "components" }>["components"][number];

/**
 * Turns the platform container's standard output into events of the timeline, at the time the agent saw them. What
 * can't be read becomes an `observer.failed`.
 */
export class AgentReader {
  readonly #timeline: Timeline;
  readonly #owners: ReadonlyMap<number, string>;
  readonly #decoder = new TextDecoder();
  readonly #components = new Map<string, readonly Component[]>();
  readonly #waiting = new Set<() => void>();
  readonly #failures: string[] = [];
  readonly #answers: AgentAnswers | undefined;
  #unfinishedLine = "";
  #ready = false;
  #ended = false;

  constructor({ plan, timeline, answers }: AgentReaderOptions) {
    this.#timeline = timeline;
    this.#answers = answers;
    this.#owners = portOwners(plan);
  }

  /** The next piece of the container's standard output, cut anywhere. */
  write(chunk: Uint8Array | string): void {
    const text = typeof chunk === "string" ? chunk : this.#decoder.decode(chunk, { stream: true });
    const lines = (this.#unfinishedLine + text).split("\n");
    this.#unfinishedLine = lines.pop() ?? "";
    for (const line of lines) this.#readLine(line);
  }

  /** The container's output has ended. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#readLine(this.#unfinishedLine + this.#decoder.decode());
    this.#unfinishedLine = "";
    this.#wakeWaiting();
    this.#answers?.end();
  }

  /**
   * Resolves when the namespace is prepared and the identity is served.
   * @throws {SitecarError} PLATFORM_FAILED when the agent ends or the deadline passes first, or `signal` aborts.
   */
  async waitUntilReady({ deadline, signal }: WaitUntilReadyOptions): Promise<void> {
    const timeout = deadline.signal();
    const stopped = signal ? AbortSignal.any([timeout, signal]) : timeout;
    while (!this.#ready && !this.#ended && !stopped.aborted) await this.#nextChange(stopped);
    if (this.#ready) return;
    throw new SitecarError("PLATFORM_FAILED", {
      message: this.#ended
        ? "the platform container's agent ended before it was ready."
        : signal?.aborted
          ? "the run was stopped while the platform container's agent was starting."
          : `the platform container's agent was not ready in ${(deadline.budgetMs / 1000).toFixed(1)} s.`,
      observations: [{ label: "agent said", value: this.#failures.slice(-5).join("\n") || "nothing" }],
      remedy:
        "the engine must allow the capability NET_ADMIN for this container; look at its log for what failed.",
      cause: signal?.reason,
    });
  }

  #nextChange(stopped: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        stopped.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      stopped.addEventListener("abort", wake, { once: true });
    });
  }

  #wakeWaiting(): void {
    for (const wake of this.#waiting) wake();
  }

  #readLine(line: string): void {
    if (line.trim() === "") return;
    let report: AgentReport;
    try {
      report = parseAgentReport(line);
    } catch {
      this.#failed(`unreadable line: ${line.slice(0, 500)}`);
      return;
    }
    this.#record(report);
  }

  #failed(detail: string, observer = OBSERVER, wallMs?: number): void {
    this.#failures.push(detail);
    this.#timeline.record({ type: "observer.failed", observer, detail }, wallMs);
  }

  #record(report: AgentReport): void {
    const timeline = this.#timeline;
    switch (report.type) {
      case "ready": {
        this.#ready = true;
        timeline.record({ type: "phase", name: "platform ready" }, report.wallMs);
        this.#wakeWaiting();
        return;
      }
      case "answer": {
        this.#answers?.answered(report);
        return;
      }
      case "port": {
        const { change, port, address, wallMs } = report;
        const owner = this.#owners.get(port);
        const type = change === "opened" ? "port.opened" : "port.closed";
        timeline.record({ type, port, address, ...(owner !== undefined && { container: owner }) }, wallMs);
        return;
      }
      case "probe": {
        const { container, probe, status, detail, wallMs } = report;
        timeline.record({ type: "probe.changed", probe, container, status, detail }, wallMs);
        return;
      }
      case "tick": {
        const { wallMs, ...tick } = report;
        timeline.record(tick, wallMs);
        return;
      }
      case "components": {
        this.#recordComponents(report.container, report.components, report.wallMs);
        return;
      }
      case "identity": {
        const { wallMs, type: _type, ...request } = report;
        const { resource = "", "api-version": apiVersion = "" } = request.parameters;
        timeline.record({ type: "identity.requested", ...request, resource, apiVersion }, wallMs);
        return;
      }
      case "storage": {
        const { wallMs, type: _type, ...request } = report;
        timeline.record({ type: "storage.request-failed", ...request }, wallMs);
        return;
      }
      case "tap": {
        timeline.record({ type: "tap.began" }, report.wallMs);
        return;
      }
      case "exchange": {
        const exchange = exchangeAt(report.exchange, (wallMs) => timeline.at(wallMs));
        timeline.record({ type: report.open ? "exchange.open" : "exchange", exchange }, report.wallMs);
        return;
      }
      case "gap": {
        timeline.record({ type: "tap.gap", gap: report.gap }, report.wallMs);
        return;
      }
      case "failure": {
        this.#failed(report.detail, `${OBSERVER}: ${report.observer}`, report.wallMs);
        return;
      }
    }
  }

  #recordComponents(container: string, components: readonly Component[], wallMs: number): void {
    const before = this.#components.get(container) ?? [];
    this.#components.set(container, components);
    const missingFrom = (others: readonly Component[]) => (component: Component) =>
      !others.some(({ name, type }) => name === component.name && type === component.type);
    for (const { name: component, type: componentType } of before.filter(missingFrom(components))) {
      this.#timeline.record({ type: "component.gone", container, component, componentType }, wallMs);
    }
    for (const { name: component, type: componentType } of components.filter(missingFrom(before))) {
      this.#timeline.record({ type: "component.loaded", container, component, componentType }, wallMs);
    }
  }
}
