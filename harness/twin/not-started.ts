import { SitecarError } from "../errors/index.ts";

export interface NotStarted {
  /** What of the component is wrong. */
  readonly why: string;
  readonly file: string;
  readonly instead: string;
}

/** With these files daprd ends while it starts, so there is nothing to be a twin of. */
export function notStarted({ why, file, instead }: NotStarted): SitecarError {
  return new SitecarError("TWIN_NOT_STARTED", {
    message: "daprd would not start with these component files.",
    observations: [
      { label: "why", value: why },
      { label: "file", value: file },
    ],
    remedy: instead,
  });
}
