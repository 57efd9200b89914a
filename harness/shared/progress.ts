/** Long work tells what it is doing through a sink; who prints it, and how, is the caller's choice. */

export interface ProgressEvent {
  /** Stable name of the step, for example `image daprd`. */
  readonly step: string;
  readonly state: "started" | "working" | "done" | "cached" | "failed";
  /** What is being done now, or what came out. */
  readonly detail: string;
  /** Milliseconds since the step began. */
  readonly elapsedMs: number;
}

export type ProgressSink = (event: ProgressEvent) => void;

export const silent: ProgressSink = () => undefined;
