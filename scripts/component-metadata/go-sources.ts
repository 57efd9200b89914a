import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const MODULE = "github.com/dapr/components-contrib/";

/** Names of metadata that a component's source reads. */
export interface ReadNames {
  /** Lower case. */
  readonly names: ReadonlySet<string>;
  readonly aliases: readonly (readonly string[])[];
}

interface Package {
  readonly names: readonly string[];
  readonly aliases: readonly (readonly string[])[];
  readonly imports: readonly string[];
}

/**
 * The Go source of components-contrib, as far as it tells which metadata a component reads: its metadata.yaml files are
 * written by hand and leave some out.
 */
export class GoSources {
  readonly #contrib: string;
  readonly #packages = new Map<string, Promise<Package>>();

  /** @param contrib the module's folder. */
  constructor(contrib: string) {
    this.#contrib = contrib;
  }

  /** @param folder relative to the module, of the component's package. */
  async readBy(folder: string): Promise<ReadNames> {
    const names = new Set<string>();
    const aliases: (readonly string[])[] = [];
    const seen = new Set<string>();
    const waiting = [folder];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const found = await this.#package(next);
      for (const name of found.names) names.add(name.toLowerCase());
      for (const group of found.aliases) {
        aliases.push(group);
        for (const name of group) names.add(name.toLowerCase());
      }
      waiting.push(...found.imports);
    }
    if (seen.has("common/authentication/azure")) {
      for (const group of await this.azureAliases()) for (const name of group) names.add(name.toLowerCase());
    }
    return { names, aliases };
  }

  /** Names of Azure's metadata of which each stands for the same; the first is the one to use. */
  async azureAliases(): Promise<string[][]> {
    const file = path.join(this.#contrib, "common/authentication/azure/metadata-properties.go");
    const text = await readFile(file, "utf8");
    return [...text.matchAll(/^\s*"\w+":\s*\{(.*)\},?$/gm)].map(([, group = ""]) =>
      [...group.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name),
    );
  }

  async #package(folder: string): Promise<Package> {
    const found = this.#packages.get(folder) ?? this.#read(folder);
    this.#packages.set(folder, found);
    return found;
  }

  async #read(folder: string): Promise<Package> {
    const absolute = path.join(this.#contrib, folder);
    const files = (await readdir(absolute)).filter(
      (name) => name.endsWith(".go") && !name.endsWith("_test.go"),
    );
    const texts = await Promise.all(files.map((name) => readFile(path.join(absolute, name), "utf8")));
    const text = texts.join("\n");
    return {
      names: [...tagNames(text), ...fieldNames(text), ...literalNames(text)],
      aliases: tagAliases(text),
      imports: [...text.matchAll(new RegExp(`"${MODULE}([^"]+)"`, "g"))].map(([, imported = ""]) => imported),
    };
  }
}

function tagNames(text: string): string[] {
  return [...text.matchAll(/mapstructure:"([^",]+)/g)].map(([, name = ""]) => name);
}

function tagAliases(text: string): string[][] {
  return [...text.matchAll(/mapstructure:"([^",]+)[^"]*"[^`\n]*mapstructurealiases:"([^"]+)"/g)].map(
    ([, name = "", others = ""]) => [name, ...others.split(",")],
  );
}

/** The decoder takes a field without a tag by its name. */
function fieldNames(text: string): string[] {
  const structs = text.matchAll(
    /^type \w*(?:[Mm]etadata|[Oo]pt|[Ss]etting|[Cc]onfig)\w* struct \{\n([^]*?)^\}/gm,
  );
  return [...structs].flatMap(([, body = ""]) =>
    [...body.matchAll(/^\s*([A-Z]\w*)\s+[\w.*[\]]+/gm)].map(([, name = ""]) => name),
  );
}

/** Names in constants, of properties read one by one, and of those that are looked up in any case. */
function literalNames(text: string): string[] {
  const constants = text.matchAll(/^\s*(?:const\s+)?\w+(?:\s+string)?\s*=\s*"([A-Za-z][\w.-]*)"/gm);
  const properties = text.matchAll(/\[\s*"([A-Za-z][\w.-]*)"\s*\]/g);
  const lookups = [...text.matchAll(/GetMetadataProperty\w*\(([^)]*)\)/g)].flatMap(([, list = ""]) => [
    ...list.matchAll(/"([A-Za-z][\w.-]*)"/g),
  ]);
  return [...constants, ...properties, ...lookups].map(([, name = ""]) => name);
}
