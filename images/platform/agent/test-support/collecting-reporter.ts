import type { AgentReport } from "../../../../harness/platform/agent-protocol.ts";
import { Reporter } from "../report.ts";

/** A reporter that keeps what it is told, and lets a test wait for it. */
export class CollectingReporter extends Reporter {
  readonly reports: AgentReport[];
  readonly #listeners: Set<() => void>;

  constructor() {
    const reports: AgentReport[] = [];
    const listeners = new Set<() => void>();
    super((line) => {
      const report: AgentReport = JSON.parse(line);
      reports.push(report);
      for (const listener of listeners) listener();
    });
    this.reports = reports;
    this.#listeners = listeners;
  }

  of<T extends AgentReport["type"]>(type: T): Extract<AgentReport, { readonly type: T }>[] {
    return this.reports.filter(
      (report): report is Extract<AgentReport, { readonly type: T }> => report.type === type,
    );
  }

  /** Resolves as soon as a report matches, those already seen included; the test's own time limit ends the wait. */
  async seen(matches: (report: AgentReport) => boolean): Promise<AgentReport> {
    for (;;) {
      const found = this.reports.find(matches);
      if (found) return found;
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
      });
    }
  }
}
