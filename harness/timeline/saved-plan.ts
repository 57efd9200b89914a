import { createHash } from "node:crypto";

import type { SitePlan } from "../plan/site-plan.ts";

const MASKED = "(masked)";

/** Names of variables that hold secrets, by what people call them. Too many masked is better than one too few. */
const SECRET_NAME =
  /SECRET|PASSW|PWD|TOKEN|KEY|CREDENTIAL|CONNECTION_?STR|CONNSTR|(?:^|_)(?:SAS|PAT|PIN)(?:_|$)|IDENTITY_HEADER/i;

/** Values that are secrets whatever their name: connection strings, URLs with a password or a signature, keys. */
const SECRET_VALUE =
  /(?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=|[?&]sig=|:\/\/[^/\s:@]+:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/i;

/** Trust variables name files; their names only sound like secrets. */
const PUBLIC_PATH = /^\/etc\/sitecar\/trust\//;

export function maskEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value !== "" && !PUBLIC_PATH.test(value) && (SECRET_NAME.test(name) || SECRET_VALUE.test(value))
        ? MASKED
        : value,
    ]),
  );
}

/** The plan as it is saved with a run: secrets masked, files as digests instead of contents. */
export function savedPlan(plan: SitePlan): unknown {
  return {
    ...plan,
    identity: plan.identity === null ? null : { ...plan.identity, header: MASKED },
    containers: plan.containers.map((container) => ({
      ...container,
      environment: maskEnvironment(container.environment),
      files: container.files.map(({ path, content, mode }) => ({
        path,
        mode: `0${mode.toString(8)}`,
        bytes: Buffer.byteLength(content),
        sha256: createHash("sha256").update(content).digest("hex"),
      })),
    })),
  };
}
