import { SitecarError } from "../../errors/index.ts";
import { evaluateTemplate } from "../arm/evaluate-template.ts";
import { siteFromTemplate } from "../arm/site-from-template.ts";
import type { LoadedSite } from "../loaded-site.ts";
import type { Problem } from "../problems.ts";
import type { SourceFile } from "../source-file.ts";
import type { Value } from "../value.ts";
import type { SiteInputs } from "./input-kind.ts";
import type { InputPart } from "./input-part.ts";

export interface TemplateOutcome {
  readonly part: InputPart;
  readonly unevaluable: NonNullable<LoadedSite["unevaluable"]>;
  /** Supplied values that the template asks nowhere for. */
  readonly unused: readonly string[];
}

/**
 * An ARM template as an input, with the parameter files that are among them. A site that can't be chosen is a problem, and
 * the error of a reader of the template alone.
 */
export function readTemplate(
  root: Value,
  parameterFiles: readonly SourceFile[],
  { site, slot, supplied = {} }: Pick<SiteInputs, "site" | "slot" | "supplied">,
): TemplateOutcome | SitecarError {
  const template = evaluateTemplate(root.source, root.problems, { parameterFiles, supplied });
  try {
    const found = siteFromTemplate(template, {
      ...(site === undefined ? {} : { site }),
      ...(slot === undefined ? {} : { slot }),
    });
    return {
      part: { kind: "template", root, part: found.part },
      unevaluable: found.unevaluable,
      unused: template.unusedSupplied,
    };
  } catch (error) {
    if (!(error instanceof SitecarError)) throw error;
    const [sentence = error.code] = error.message.split("\n", 1);
    root.problems.add({ place: root.place, message: sentence, remedy: error.remedy });
    return error;
  }
}

/** For a run, which needs every value of its site. */
export function unevaluableProblems(unevaluable: LoadedSite["unevaluable"]): Problem[] {
  return (unevaluable ?? []).map(({ path, expression, reason, place, suggestion }) => ({
    place,
    message: `${path} can't be worked out here: ${expression} (${reason}).`,
    remedy: suggestion,
  }));
}
