/** `$.metadata.blobName`, or `$['a b']` where the name is no word. */
export function memberPath(parent: string, name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)
    ? `${parent}.${name}`
    : `${parent}['${name.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}']`;
}

/** A path's steps; `*` for any member or element. */
export function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(/\.([A-Za-z_*][A-Za-z0-9_-]*)|\[(\d+|\*)\]|\['((?:\\.|[^'\\])*)'\]/g)].map(
    ([, word, index, quoted]) => word ?? index ?? (quoted ?? "").replaceAll(/\\(.)/g, "$1"),
  );
}

/** True when a rule's path speaks of this place; `*` stands for any step. */
export function speaksOf(rulePath: string, place: string): boolean {
  const rule = stepsOf(rulePath);
  const actual = stepsOf(place);
  return rule.length === actual.length && rule.every((step, index) => step === "*" || step === actual[index]);
}
