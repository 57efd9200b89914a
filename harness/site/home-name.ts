import { SitecarError } from "../errors/index.ts";

/** It becomes part of a volume's name on the engine. @throws {SitecarError} USAGE */
export function checkHomeName(home: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(home)) return home;
  throw new SitecarError("USAGE", {
    message: `${JSON.stringify(home)} can't be the name of a /home that is kept.`,
    remedy: "use up to 100 letters, digits, dots, hyphens and underscores, a letter or digit first.",
  });
}
