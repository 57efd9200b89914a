import type { TwinRequest } from "./answer.ts";
import { notCovered } from "./not-covered.ts";

/**
 * Service invocation goes to another app or back to the caller's own: not the twin's. Everything that names no app is left to the
 * caller (daprd answers 404).
 * @throws {SitecarError} TWIN_NOT_COVERED
 */
export function refuseInvocation({ method, target, headers }: TwinRequest, path: string): void {
  const [, , basic] = /^(Basic) (.+)$/.exec(headers.get("authorization") ?? "") ?? [];
  const named = /^dapr-app-id:[^:]+$/i.test(Buffer.from(basic ?? "", "base64").toString("utf8"));
  const isInvocation =
    (headers.get("dapr-app-id") ?? "") !== "" || named || /^\/v1\.0\/invoke\/.+\/method\//.test(`${path}/`);
  if (!isInvocation) return;
  throw notCovered({
    what: `service invocation: ${method} ${target}`,
    instead: "answer this call in the test itself, or run the site with sitecar up.",
  });
}
