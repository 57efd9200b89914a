import { InvalidArgumentError, Option, type Command } from "commander";
import { kindsWithOption, type SiteInput, type SiteInputs } from "../definition/inputs/input-kind.ts";

/** What the options of {@link addSiteArguments} leave with commander. */
export interface SiteOptions {
  /** Files whose kind an option names, in the order of the command line. */
  readonly siteInputs: readonly SiteInput[];
  readonly site?: string;
  readonly slot?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly mainService?: string;
}

/** Of commands that start or prepare images. */
export interface ImageOptions {
  readonly image: Readonly<Record<string, string>>;
}

/**
 * Lets a command take a site: any files of its deployment, in the order in which they are applied, and the options that say
 * what content alone does not.
 */
export function addSiteArguments(command: Command): Command {
  command
    .argument(
      "[files...]",
      "the site's files, later ones winning: sitecar.json or its folder, spec, ARM, az … list, Compose, .env",
    )
    .option("--site <name>", "which site of an ARM template that has several")
    .option("--slot <name>", "which deployment slot of an ARM template's site (default: production)")
    .addOption(
      new Option(
        "--set <name=value>",
        "a parameter of a template, or a value that can't be worked out here; repeatable",
      )
        .argParser(pair)
        .default({}, "none"),
    )
    .option("--main-service <name>", "which service of a Compose file is main");
  // One list for all of them, so that their order on the command line is kept.
  const siteInputs: SiteInput[] = [];
  for (const { kind, option, what } of kindsWithOption()) {
    command.addOption(
      new Option(`${option} <file>`, `a file to be read as ${what}`)
        .argParser((file: string) => siteInputs.push({ file, kind }))
        .hideHelp(),
    );
  }
  command.addHelpText(
    "after",
    `\nA file whose content does not say what it is, is named by an option:\n${describeOptions()}`,
  );
  return command.hook("preAction", () => {
    command.setOptionValue("siteInputs", siteInputs);
  });
}

/** Lets a command put an image in the place of a container's. */
export function addImageOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--image <container=image>",
      'an image in place of a container\'s: "main=my/app:dev"; repeatable',
    )
      .argParser(imagePair)
      .default({}, "none"),
  );
}

/** @param fallback taken when the command line names no file at all. */
export function siteInputsOf(files: readonly string[], options: SiteOptions, fallback?: string): SiteInputs {
  const named = [...files, ...options.siteInputs];
  return {
    files: named.length === 0 && fallback !== undefined ? [fallback] : named,
    supplied: options.set,
    ...(options.site === undefined ? {} : { site: options.site }),
    ...(options.slot === undefined ? {} : { slot: options.slot }),
    ...(options.mainService === undefined ? {} : { mainService: options.mainService }),
  };
}

type Pairs = Readonly<Record<string, string>>;

/** `<name>=<value>`, added to those before. */
export function pair(text: string, before: Pairs): Pairs {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("write <name>=<value>.");
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function imagePair(text: string, before: Pairs): Pairs {
  if (/=\s*$/.test(text)) throw new InvalidArgumentError("write <container>=<image>.");
  return pair(text, before);
}

function describeOptions(): string {
  return kindsWithOption()
    .map(({ option, what }) => `  ${`${option} FILE`.padEnd(28)}${what}`)
    .join("\n");
}
