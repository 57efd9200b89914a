import { parseArgsStringToArgv } from "string-argv";

import {
  notApplicable,
  propertiesOf,
  readFileOf,
  withFile,
  withProperties,
  type ContainerContents,
  type SiteCopy,
} from "./site-copy.ts";
import { withDaprdFlag } from "./shell-script.ts";

const SEARCH_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const SHELL = /(?:^|\/)(?:ba|da|a|z|k)?sh$/;
/** Where a script that stood in the start-up command's text is placed. */
const SCRIPT_PATH = "/etc/sitecar/remedy/entrypoint.sh";

/** The text that starts a container, wherever it is written, and how to put a changed one there. */
interface StartText {
  readonly text: string;
  put(text: string): SiteCopy;
}

/**
 * Changes the script that starts a container.
 * @param change gives the new text, or `undefined` where it can't be changed so.
 * @throws {SitecarError} REMEDY_NOT_APPLICABLE
 */
export async function changeEntrypoint(
  copy: SiteCopy,
  contents: ContainerContents,
  container: string,
  change: (script: string) => string | undefined,
): Promise<SiteCopy> {
  const script = await findScript(copy, contents, container);
  if (script === undefined) {
    throw notApplicable(
      `container "${container}" is not started by a shell script`,
      "change what its image or its start-up command starts.",
    );
  }
  return put(script, change, container);
}

/** Adds a flag to the command that starts daprd: in the start-up command, the image's command or the script that it runs. */
export async function addDaprdFlag(
  copy: SiteCopy,
  contents: ContainerContents,
  container: string,
  flag: { readonly flag: string; readonly value?: string },
): Promise<SiteCopy> {
  const script = await findScript(copy, contents, container);
  if (script !== undefined) return put(script, (text) => withDaprdFlag(text, flag), container);
  const command = await commandOf(copy, contents, container);
  const line = withDaprdFlag(command.map(quote).join(" "), flag);
  if (line === undefined) {
    throw notApplicable(
      `the command of container "${container}" does not show where daprd is started: ${command.join(" ")}`,
      `start daprd with --${flag.flag}${flag.value === undefined ? "" : ` ${flag.value}`} yourself.`,
    );
  }
  return withProperties(copy, container, { startUpCommand: line });
}

function put(script: StartText, change: (text: string) => string | undefined, container: string): SiteCopy {
  const changed = change(script.text);
  if (changed === undefined || changed === script.text) {
    throw notApplicable(
      `the script that starts container "${container}" has not the command that has to change`,
      "change the script by hand as the remedy says.",
    );
  }
  return script.put(changed);
}

async function findScript(
  copy: SiteCopy,
  contents: ContainerContents,
  container: string,
): Promise<StartText | undefined> {
  const command = await commandOf(copy, contents, container);
  const [program = "", ...rest] = command;
  const inline = SHELL.test(program) ? rest.findIndex((word) => /^-[a-z]*c$/.test(word)) : -1;
  const text = rest[inline + 1];
  if (inline !== -1 && text !== undefined) {
    return {
      text,
      put: (changed) =>
        withProperties(
          withFile(copy, container, { path: SCRIPT_PATH, text: `${changed}\n`, mode: 0o755 }),
          container,
          { startUpCommand: [program, SCRIPT_PATH, ...rest.slice(inline + 3)].map(quote).join(" ") },
        ),
    };
  }
  const named = SHELL.test(program) ? rest.find((word) => !word.startsWith("-")) : program;
  if (named === undefined || named === "") return undefined;
  for (const path of named.includes("/")
    ? [named]
    : SEARCH_PATH.map((directory) => `${directory}/${named}`)) {
    const file = await readFileOf(copy, contents, container, path);
    if (file === undefined) continue;
    const [first = ""] = file.text.split("\n", 1);
    if (!SHELL.test(program) && !/^#!.*\b(?:ba|da|a|z|k)?sh\b/.test(first)) return undefined;
    return { text: file.text, put: (changed) => withFile(copy, container, { ...file, text: changed }) };
  }
  return undefined;
}

async function commandOf(
  copy: SiteCopy,
  contents: ContainerContents,
  container: string,
): Promise<readonly string[]> {
  const { startUpCommand } = propertiesOf(copy, container);
  const words = parseArgsStringToArgv(startUpCommand ?? "");
  return words.length > 0 ? words : await contents.command(container);
}

/** As the reader of start-up commands understands it: either kind of quotes, no escapes. */
function quote(word: string): string {
  if (/^[^\s"']+$/.test(word)) return word;
  if (!word.includes('"')) return `"${word}"`;
  if (!word.includes("'")) return `'${word}'`;
  throw notApplicable(`a start-up command can't hold ${word}`, "change the image instead.");
}
