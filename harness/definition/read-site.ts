import type { SiteInputs } from "./inputs/input-kind.ts";
import { unevaluableProblems } from "./inputs/template.ts";
import { load } from "./load-site.ts";
import { throwIfAny } from "./problems.ts";
import type { SiteDefinition } from "./site-definition.ts";

/**
 * Reads a site: a `sitecar.json` (or `.yaml`), the directory that holds one, or any other file or files of a deployment, later
 * ones winning value by value. Paths in a file are relative to that file.
 * A bare site-containers spec file (A1.14) gets the defaults: its directory's name, no app settings, no identity, nothing else.
 * @throws {SitecarError} FILE_NOT_READABLE; SPEC_MALFORMED for a file that is no JSON or YAML; SPEC_INVALID with every
 *   problem of every file, and what of a template only Azure knows, each with `file:line:column`, the line and a remedy;
 *   SITE_NOT_FOUND for a template of several sites of which none was chosen.
 */
export async function readSite(inputs: string | SiteInputs): Promise<SiteDefinition> {
  const { site, failures } = await load(inputs);
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  throwIfAny([...site.problems, ...unevaluableProblems(site.unevaluable)]);
  return site.definition;
}
