/** Changes of a shell script's text. They know commands that go over several lines by a backslash, and comments; no more. */

/** A command of a script: its text as it stands, with where it begins and ends. */
export interface ScriptCommand {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Every command line, continued lines together; no comments, no empty lines. */
export function commandsOf(script: string): readonly ScriptCommand[] {
  const commands: ScriptCommand[] = [];
  for (const match of script.matchAll(/(?:[^\\\n]|\\[^])+/g)) {
    const [text] = match;
    if (/^\s*(?:#|$)/.test(text)) continue;
    commands.push({ text, from: match.index, to: match.index + text.length });
  }
  return commands;
}

/** What a script says when its program has ended; once the program has taken the shell's place, nobody says it. */
const LAST_WORDS = /^\s*(?:echo|printf|exit|true|:)(?=\s|$)/;

/**
 * `exec` before the last command, or before the program after which the script only says how it ended; `undefined`: it is no simple
 * command that could be replaced by its program.
 */
export function withExec(script: string): string | undefined {
  const last = commandsOf(script).findLast(({ text }) => !LAST_WORDS.test(text));
  const word = /^(?<indent>\s*)(?<word>[^\s;|&()<>]+)/.exec(last?.text ?? "")?.groups;
  if (last === undefined || word === undefined) return undefined;
  // What ends a block, or belongs to the shell itself, is not a program; a pipe or a list is several.
  const isShells =
    /^(?:exec|exit|wait|done|fi|esac|\}|return|while|until|for|if|case|trap|set|export|\w+=.*)$/;
  const withoutQuotes = last.text.replaceAll(/"(?:\\.|[^"\\])*"|'[^']*'/g, "''");
  if (isShells.test(word["word"] ?? "") || /[;|&]/.test(withoutQuotes)) return undefined;
  const at = last.from + (word["indent"] ?? "").length;
  return `${script.slice(0, at)}exec ${script.slice(at)}`;
}

/**
 * A flag added to the command that starts daprd, or its value replaced there; `undefined`: the script has no such command.
 */
export function withDaprdFlag(
  script: string,
  { flag, value }: { readonly flag: string; readonly value?: string },
): string | undefined {
  const command = commandsOf(script).find(({ text }) => DAPRD.test(text));
  if (command === undefined) return undefined;
  const written = value === undefined ? `--${flag}` : `--${flag} ${value}`;
  const present = new RegExp(
    `(?<before>\\s)-{1,2}${flag}(?:[ =](?!-)(?:"(?:\\\\.|[^"\\\\])*"|'[^']*'|[^\\s\\\\]+))?(?=\\s|$)`,
  );
  const changed = present.test(command.text)
    ? command.text.replace(present, `$<before>${written}`)
    : command.text.replace(DAPRD, `$& ${written}`);
  return script.slice(0, command.from) + changed + script.slice(command.to);
}

/** The program as a word of its own, with or without its path. */
const DAPRD = /(?<=^|\s|["'])(?:\S*\/)?daprd["']?(?=\s|$)/;
