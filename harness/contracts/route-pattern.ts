/**
 * A predicate of paths by a pattern such as `/.internal/**`: `*` is any text within one segment, `**` any text at all; a
 * `/**` at the end takes the path before it, too. Everything else is itself.
 */
export function routePattern(pattern: string): (path: string) => boolean {
  const source = pattern
    .split(/(\/\*\*$|\*\*|\*)/)
    .map((part) => SPECIAL.get(part) ?? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join("");
  const expression = new RegExp(`^${source}$`, "s");
  return (path) => expression.test(path);
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ["/**", "(?:/.*)?"],
  ["**", ".*"],
  ["*", "[^/]*"],
]);
