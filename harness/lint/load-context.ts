import { readFile, stat } from "node:fs/promises";
import path from "node:path";

import type { SiteInput, SiteInputs } from "../definition/inputs/input-kind.ts";
import { SITE_FILES } from "../definition/inputs/recognise.ts";
import { loadSite } from "../definition/load-site.ts";
import type { LoadedSite } from "../definition/loaded-site.ts";
import type { Problem } from "../definition/problems.ts";
import { fileNotReadable } from "../definition/source-file.ts";
import { SitecarError } from "../errors/index.ts";
import type { LintedComponentFile } from "./linted-component-file.ts";
import { lintedFile, type LintedFile } from "./linted-file.ts";
import { readComponents, saysComponent } from "./read-components.ts";
import type { LintContext } from "./rule.ts";

/**
 * Everything that rules look at, from files of a site and Dapr component files, or folders of them, in any mixture. Component
 * files that the site names (`daprSidecars[].componentFiles`) are looked at, too. Nothing in a file makes it throw.
 * @throws {SitecarError} FILE_NOT_READABLE for a file or folder of the inputs that is not there.
 */
export async function loadContext(inputs: SiteInputs): Promise<LintContext> {
  const siteFiles: (string | SiteInput)[] = [];
  const components: LintedComponentFile[] = [];
  for (const input of inputs.files) {
    if (typeof input === "string" && (await isOfComponents(input)))
      components.push(...(await readComponents(input)));
    else siteFiles.push(input);
  }
  const loaded = siteFiles.length === 0 ? undefined : await loadSite({ ...inputs, files: siteFiles });
  const named = loaded === undefined ? undefined : await readNamedComponents(loaded);
  return {
    site: loaded === undefined || named === undefined ? loaded : { ...loaded, problems: named.problems },
    components: withoutDoubles([...components, ...(named?.components ?? [])]),
    files: await readFiles(loaded?.files ?? []),
  };
}

/** A component file, or a folder that is not a site's. */
async function isOfComponents(location: string): Promise<boolean> {
  const absolute = path.resolve(location);
  try {
    if (!(await stat(absolute)).isDirectory()) return saysComponent(await readFile(absolute, "utf8"));
  } catch (cause) {
    throw fileNotReadable(absolute, cause).error;
  }
  for (const name of SITE_FILES) {
    if (
      await stat(path.join(absolute, name)).then(
        () => true,
        () => false,
      )
    )
      return false;
  }
  return (await readComponents(absolute)).length > 0;
}

/** Those that the site names. What of them can't be read is a problem of the file that names them. */
async function readNamedComponents(
  site: LoadedSite,
): Promise<{ readonly components: readonly LintedComponentFile[]; readonly problems: readonly Problem[] }> {
  const components: LintedComponentFile[] = [];
  const problems = [...site.problems];
  for (const { container, componentFiles = [] } of site.definition.daprSidecars) {
    const place = site.origins.of("daprSidecars", container);
    for (const location of componentFiles) {
      try {
        components.push(...(await readComponents(location, place)));
      } catch (error) {
        if (!(error instanceof SitecarError)) throw error;
        const file = site.files.at(-1) ?? "";
        const at = place ?? { file, line: 1, column: 1, lineText: "" };
        // Reading the site has looked whether it is there; what it could not open has its own words.
        const message = `a component file of "${container}" can't be read: ${location}.`;
        if (!problems.some((one) => one.message.includes(path.basename(location)))) {
          problems.push({ place: at, message, remedy: error.remedy });
        }
      }
    }
  }
  return { components, problems };
}

async function readFiles(files: readonly string[]): Promise<LintedFile[]> {
  const read = files.map(async (file) => {
    const bytes = await readFile(file).catch(() => undefined);
    return bytes === undefined ? [] : [lintedFile(file, decode(bytes))];
  });
  return (await Promise.all(read)).flat();
}

/** Windows shells write UTF-16 with a mark. */
function decode(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

function withoutDoubles(components: readonly LintedComponentFile[]): LintedComponentFile[] {
  return [...new Map(components.map((component) => [component.file.path, component])).values()];
}
