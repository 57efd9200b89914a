import type { Judgement } from "../contracts/contract.ts";
import type { RunRecord } from "../contracts/run-record.ts";
import type { ComponentFile, DaprComponent } from "../dapr/component-files.ts";
import type { DaprSnapshot } from "../dapr/readiness.ts";
import type { DaprSidecar } from "../definition/site-definition.ts";
import type { EventOf, EventType, TimelineEvent } from "../timeline/events.ts";
import { readLogLine, type LogLine } from "./log-line.ts";

/** A container from one start to its end. */
export interface Life {
  readonly container: string;
  readonly instance: string | undefined;
  readonly startedMs: number;
  /** Absent: it still ran when the record ended. */
  readonly exit?: EventOf<"container.exited">;
}

/** One daprd of one instance. */
export interface Daprd {
  readonly container: string;
  readonly instance: string;
  readonly sidecar: DaprSidecar;
  readonly files: readonly ComponentFile[];
  readonly components: readonly DaprComponent[];
  /** Its own account at the end; absent: none was taken. */
  readonly snapshot: DaprSnapshot | undefined;
  readonly lives: readonly Life[];
  /** All that its container printed in this instance. */
  readonly lines: readonly LogLine[];
}

/** A run's record with the questions that rules ask of it. */
export class Look {
  readonly record: RunRecord;
  readonly broken: Judgement;
  readonly daprds: readonly Daprd[];
  readonly #lines: readonly LogLine[];

  constructor(record: RunRecord, broken: Judgement) {
    this.record = record;
    this.broken = broken;
    this.#lines = record.lines.map(readLogLine);
    this.daprds = record.plan.daprSidecars.flatMap((sidecar) =>
      record.instances.map((instance) => this.#daprd(sidecar, instance)),
    );
  }

  get main(): string {
    return this.record.plan.mainContainer;
  }

  /** The contract's name: `bindingsActive` of `bindingsActive("batch")`. */
  get contract(): string {
    return this.broken.contract.split("(", 1)[0] ?? this.broken.contract;
  }

  events<T extends EventType>(type: T): readonly EventOf<T>[] {
    const ofType = (event: TimelineEvent): event is EventOf<T> => event.type === type;
    return this.record.events.filter(ofType);
  }

  /** Of one container's output, or of all containers'. */
  lines(container?: string): readonly LogLine[] {
    return container === undefined
      ? this.#lines
      : this.#lines.filter(({ line }) => line.container === container);
  }

  lives(container: string, instance?: string): readonly Life[] {
    const exits = this.events("container.exited").filter((exit) => exit.container === container);
    return this.events("container.started")
      .filter((start) => start.container === container && isIn(start, instance))
      .map((start, index, all) => {
        const next = all[index + 1]?.tMs ?? Infinity;
        const exit = exits.find(
          ({ tMs, instance: of }) => of === start.instance && tMs >= start.tMs && tMs <= next,
        );
        return {
          container,
          instance: start.instance,
          startedMs: start.tMs,
          ...(exit === undefined ? {} : { exit }),
        };
      });
  }

  /** Containers of the site that the judgement is about by name; empty: it names none. */
  get containersNamed(): readonly string[] {
    return this.#named(this.record.plan.containers.map(({ name }) => name));
  }

  /** The judgement is about this container, or about none in particular. */
  concernsContainer(name: string): boolean {
    return this.containersNamed.length === 0 || this.containersNamed.includes(name);
  }

  /** The judgement is about this component, or about none in particular. */
  concernsComponent(name: string): boolean {
    const known = this.daprds.flatMap(({ components }) => components.map((component) => component.name));
    const named = this.#named(known);
    return named.length === 0 || named.includes(name);
  }

  /** Environment variables of a container, as far as the record shows them. */
  environment(container: string): Readonly<Record<string, string>> {
    return this.record.plan.containers.find(({ name }) => name === container)?.environment ?? {};
  }

  /** Faults that were in force at some time between the two, in milliseconds since the run began. */
  faults(fromMs: number, untilMs: number): readonly EventOf<"fault.injected">[] {
    const healed = this.events("fault.healed");
    return this.events("fault.injected").filter(({ id, tMs }) => {
      const end = healed.find((event) => event.id === id)?.tMs ?? Infinity;
      return tMs <= untilMs && end >= fromMs;
    });
  }

  #named(names: readonly string[]): readonly string[] {
    const quoted = `${this.broken.contract} ${this.broken.symptom ?? ""}`.matchAll(/"([^"]+)"/g);
    return [...quoted].flatMap(([, name]) => (name !== undefined && names.includes(name) ? [name] : []));
  }

  #daprd(sidecar: DaprSidecar, instance: string): Daprd {
    const { container } = sidecar;
    const files = this.record.componentFiles.get(container) ?? [];
    return {
      container,
      instance,
      sidecar,
      files,
      components: files.flatMap(({ components }) => components),
      snapshot: this.record.snapshots.get(instance)?.get(container),
      lives: this.lives(container, instance),
      lines: this.lines(container).filter(({ line }) => isIn(line, instance)),
    };
  }
}

/** What names no instance belongs to each. */
function isIn({ instance: own }: { readonly instance?: string }, instance: string | undefined): boolean {
  return own === undefined || instance === undefined || own === instance;
}
