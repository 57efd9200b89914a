export { ERROR_CODES, type ErrorCode } from "./codes.ts";
export { SitecarError, type Observation, type SitecarErrorDetails } from "./sitecar-error.ts";
