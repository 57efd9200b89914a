import path from "node:path";

import { SitecarError } from "../errors/index.ts";
import type { UnevaluablePart } from "./arm/session.ts";
import { readCompose } from "./compose/read-compose.ts";
import type { InputKind, SiteInputs } from "./inputs/input-kind.ts";
import { readPlainInput, type InputPart } from "./inputs/input-part.ts";
import { mergeInputs } from "./inputs/merge.ts";
import { Opener } from "./inputs/opener.ts";
import { describeKinds, recognise } from "./inputs/recognise.ts";
import { inputsOf, readSiteFile } from "./inputs/site-file.ts";
import { readTemplate } from "./inputs/template.ts";
import type { IgnoredInput, LoadedSite } from "./loaded-site.ts";
import { describePath, Problems } from "./problems.ts";
import type { Value } from "./value.ts";

/** A site, and the errors of files that could not be opened at all. */
export interface LoadOutcome {
  readonly site: LoadedSite;
  readonly failures: readonly SitecarError[];
}

/**
 * Reads a site from all kinds of files, problems and all: nothing in a file, and no file that is missing or malformed, makes
 * it throw. Later files win, value by value.
 */
export async function loadSite(inputs: string | SiteInputs): Promise<LoadedSite> {
  return (await load(inputs)).site;
}

/** Like {@link loadSite}, with the errors of what could not be opened. */
export async function load(inputs: string | SiteInputs): Promise<LoadOutcome> {
  return await new Loader(typeof inputs === "string" ? { files: [inputs] } : inputs).load();
}

/** A file whose kind is known. */
interface Opened {
  readonly kind: InputKind;
  readonly root: Value;
}

class Loader {
  readonly #inputs: SiteInputs;
  readonly #problems = new Problems();
  readonly #opener = new Opener(this.#problems);
  readonly #ignored: IgnoredInput[] = [];
  readonly #unevaluable: UnevaluablePart[] = [];
  readonly #opened: Opened[] = [];
  /** Files that say nothing of any kind. */
  readonly #silent: Value[] = [];

  constructor(inputs: SiteInputs) {
    this.#inputs = inputs;
  }

  async load(): Promise<LoadOutcome> {
    const files = this.#inputs.files.map((input) => (typeof input === "string" ? { file: input } : input));
    for (const { file, kind } of files) await this.#open({ file: path.resolve(file), kind }, []);
    const parts = await this.#read();
    if (parts.length === 0) for (const file of this.#silent) complainOfSilence(file);
    const firstFile = this.#opener.files[0] ?? path.resolve(files[0]?.file ?? "sitecar.json");
    const { definition, origins } = await mergeInputs(parts, { firstFile });
    return {
      site: {
        definition,
        origins,
        problems: this.#problems.sorted(),
        files: this.#opener.files,
        ...(this.#ignored.length === 0 ? {} : { ignored: this.#ignored }),
        ...(this.#unevaluable.length === 0 ? {} : { unevaluable: this.#unevaluable }),
      },
      failures: this.#opener.failures,
    };
  }

  /** @param within the site files that lead here by their `inputs`, absolute. */
  async #open(
    { file, kind }: { readonly file: string; readonly kind: InputKind | undefined },
    within: readonly string[],
    namedAt?: Value,
  ): Promise<void> {
    const root = await this.#opener.open(file, namedAt?.place);
    if (root === undefined) return;
    const known = kind ?? this.#recognise(root);
    if (known === undefined) return;
    if (within.includes(root.source.path)) {
      namedAt?.complain("names a file that leads back to itself.", "Leave it out of one of the two.");
      return;
    }
    if (known === "site") {
      for (const input of inputsOf(root)) {
        await this.#open({ file: input.file, kind: undefined }, [...within, root.source.path], input.at);
      }
    }
    this.#opened.push({ kind: known, root });
  }

  #recognise(root: Value): InputKind | undefined {
    const recognition = recognise(root);
    const file = root.called(describePath(root.source.path));
    if (recognition === "nothing") {
      this.#silent.push(file);
      return undefined;
    }
    if (typeof recognition === "string") return recognition;
    const { candidates } = recognition;
    return candidates.length === 0
      ? file.complain(
          `is ${root.describe()} that says nothing of a site.`,
          `If it does, say what it is. ${describeKinds()}.`,
        )
      : file.complain("has content that does not tell what it is.", `Say it. ${describeKinds(candidates)}.`);
  }

  /** In the order in which the files are applied, though some need to know what others say. */
  async #read(): Promise<InputPart[]> {
    const parts = new Map<Opened, InputPart>();
    for (const one of this.#opened) {
      const { kind, root } = one;
      if (kind === "site") {
        parts.set(one, await readSiteFile(root, async (value) => await this.#opener.follow(value)));
      } else if (kind !== "compose" && kind !== "template" && kind !== "parameters") {
        parts.set(one, readPlainInput(kind, root));
      }
    }
    this.#readTemplates(parts);
    await this.#readComposeFiles(parts);
    return this.#opened.flatMap((one) => parts.get(one) ?? []);
  }

  /** Every parameter file is for every template, as there is usually one. */
  #readTemplates(parts: Map<Opened, InputPart>): void {
    const templates = this.#ofKind("template");
    const parameters = this.#ofKind("parameters").map(({ root }) => root);
    if (templates.length === 0) {
      for (const root of parameters) {
        root
          .called(describePath(root.source.path))
          .complain("has parameters of a template that is not among the files.", "Name the template too.");
      }
    }
    for (const one of templates) {
      const outcome = readTemplate(
        one.root,
        parameters.map(({ source }) => source),
        this.#inputs,
      );
      if (outcome instanceof SitecarError) {
        this.#opener.failures.push(outcome);
        continue;
      }
      parts.set(one, outcome.part);
      this.#unevaluable.push(...outcome.unevaluable);
      this.#complainOfUnused(one.root, outcome.unused);
    }
  }

  /** With several templates or a Compose file a value may be for another. */
  #complainOfUnused(root: Value, unused: readonly string[]): void {
    if (this.#ofKind("template").length + this.#ofKind("compose").length > 1) return;
    for (const name of unused) {
      root
        .called(describePath(root.source.path))
        .complain(
          `asks nowhere for the value "${name}" that is supplied.`,
          "Correct its name, or leave it out.",
        );
    }
  }

  async #readComposeFiles(parts: Map<Opened, InputPart>): Promise<void> {
    for (const one of this.#ofKind("compose")) {
      const { supplied, mainService } = this.#inputs;
      const { part, ignored } = await readCompose(one.root, {
        opener: this.#opener,
        settings: [...parts.values()].flatMap(({ part: other }) => other.appSettings ?? []),
        supplied: supplied ?? {},
        mainService,
      });
      parts.set(one, part);
      this.#ignored.push(...ignored);
    }
  }

  #ofKind(kind: InputKind): readonly Opened[] {
    return this.#opened.filter((one) => one.kind === kind);
  }
}

function complainOfSilence(file: Value): void {
  file.complain("says nothing of a site.", "Name the file that has its site containers.");
}
