/** One call by which daprd registers a component type. */
export interface Registration {
  /** What stands before the name in a component's `spec.type`, for example `state` or `middleware.http`. */
  readonly category: string;
  /** All mean the same component. */
  readonly names: readonly string[];
  /** Of a binding. */
  readonly direction: "input" | "output" | undefined;
  /** Empty: only the first version, which `v0`, `v1` and none at all stand for. */
  readonly versions: readonly string[];
  readonly defaultVersion: string | undefined;
  /** Folders of components-contrib that its file imports. */
  readonly folders: readonly string[];
}

/** @param source one Go file of daprd's `cmd/daprd/components`. */
export function readRegistrations(source: string): Registration[] {
  const loaders = new Map(
    [...source.matchAll(/^\s*(\w+) "github\.com\/dapr\/dapr\/pkg\/components\/([\w/]+)"/gm)].map(
      ([, alias = "", folder = ""]) => [alias, folder.replaceAll("/", ".")],
    ),
  );
  // The one package that is imported under its own name.
  for (const [, folder = ""] of source.matchAll(/^\s*"github\.com\/dapr\/dapr\/pkg\/components\/(\w+)"/gm)) {
    loaders.set(folder, folder);
  }
  const folders = [...source.matchAll(/"github\.com\/dapr\/components-contrib\/([^"]+)"/g)].map(
    ([, folder = ""]) => folder,
  );
  const registrations: Registration[] = [];
  for (const call of source.matchAll(/(\w+)\.DefaultRegistry\.Register(\w+)\(/g)) {
    const [matched, alias = "", what = ""] = call;
    const category = loaders.get(alias);
    if (category === undefined) throw new Error(`no import for ${matched}`);
    const { names, text } = callArguments(source, call.index + matched.length);
    registrations.push({
      category,
      names,
      direction: what === "InputBinding" ? "input" : what === "OutputBinding" ? "output" : undefined,
      versions: [...text.matchAll(/Version: *"(v\d+)"/g)].map(([, version = ""]) => version),
      defaultVersion: /Default: *"(v\d+)"/.exec(text)?.[1],
      folders,
    });
  }
  return registrations;
}

/** String literals that are arguments themselves, and the text of all arguments. */
function callArguments(source: string, from: number): { names: string[]; text: string } {
  const names: string[] = [];
  let depth = 1;
  let at = from;
  for (; depth > 0 && at < source.length; at++) {
    const character = source[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === '"') {
      const end = source.indexOf('"', at + 1);
      if (depth === 1) names.push(source.slice(at + 1, end));
      at = end;
    }
  }
  return { names, text: source.slice(from, at) };
}
