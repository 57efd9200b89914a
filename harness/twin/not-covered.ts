import { SitecarError, type Observation } from "../errors/index.ts";

export interface NotCovered {
  /** What the twin does not do, as a noun: `bindings.redis, the type of "cache"`. */
  readonly what: string;
  /** What the user can do. */
  readonly instead: string;
  readonly observations?: readonly Observation[];
}

/** The twin answers as daprd does, or says that it can't: never something in between. */
export function notCovered({ what, instead, observations = [] }: NotCovered): SitecarError {
  return new SitecarError("TWIN_NOT_COVERED", {
    message: `the twin does not cover ${what}.`,
    observations,
    remedy: instead,
  });
}
