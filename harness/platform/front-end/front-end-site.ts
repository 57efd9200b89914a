import type { SiteState } from "../../timeline/site-state.ts";

/** A worker that requests may go to. */
export interface FrontEndWorker {
  /** 64 hex digits; what `ARRAffinity` names. */
  readonly instanceId: string;
  /** Where main's port is published, for example `http://127.0.0.1:32768`. */
  readonly origin: string;
}

/** What the front end knows of the site behind it. */
export interface FrontEndSite {
  /** Becomes `<name>.azurewebsites.net`. */
  readonly name: string;
  /** `Starting` while a request can still hope: it is held. `Stopped` and `Blocked`: it is answered 503 at once. */
  readonly state: SiteState;
  /** A sentence for the body of a 503: what the site is doing, and its last error. */
  readonly explanation: string;
  /** In rotation now; an empty list: none is warm. */
  workers(): readonly FrontEndWorker[];
  /** Resolves at the next change of state or workers; rejects with the signal's reason. */
  changed(signal: AbortSignal): Promise<void>;
}
