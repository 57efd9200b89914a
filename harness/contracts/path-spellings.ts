/** One way to write a path that some server on the way may take for the plain one. */
export interface PathSpelling {
  /** For evidence: what is done to the path. */
  readonly how: string;
  readonly spell: (path: string) => string;
}

/**
 * Spellings that proxies and servers are known to read differently. A proxy that compares only the plain text lets
 * them through, and a server behind it that decodes, merges slashes, resolves dots or ignores case runs the route.
 * Every one keeps the path's meaning for some server; none adds anything that a server would have to obey.
 */
export const PATH_SPELLINGS: readonly PathSpelling[] = [
  { how: "as it is", spell: (path) => path },
  { how: "with a query", spell: (path) => `${path}?sitecar=1` },
  { how: "with a slash at its end", spell: (path) => `${path}/` },
  { how: "with two slashes at its beginning", spell: (path) => `/${path}` },
  { how: "with every slash doubled", spell: (path) => path.replaceAll("/", "//") },
  { how: "with a dot segment", spell: (path) => `/.${path}` },
  { how: "with a way in and out of another directory", spell: (path) => `/x/..${path}` },
  { how: "with a way out of its own directory", spell: (path) => `/${segments(path)[0] ?? "x"}/..${path}` },
  { how: "with an encoded dot segment", spell: (path) => `/x/%2e%2e${path}` },
  {
    how: "with the first character of each segment encoded",
    spell: (path) => eachSegment(path, encodeFirst),
  },
  {
    how: "with the first character of each segment encoded twice",
    spell: (path) => eachSegment(path, (segment) => encodeFirst(segment).replace("%", "%25")),
  },
  { how: "with the slashes within it encoded", spell: (path) => `/${segments(path).join("%2f")}` },
  {
    how: "with the slashes within it encoded in capitals",
    spell: (path) => `/${segments(path).join("%2F")}`,
  },
  { how: "with backslashes within it", spell: (path) => `/${segments(path).join("\\")}` },
  { how: "in capitals", spell: (path) => path.toUpperCase() },
  {
    how: "with a parameter on each segment",
    spell: (path) => eachSegment(path, (segment) => `${segment};x=1`),
  },
  { how: "with a fragment", spell: (path) => `${path}#x` },
  { how: "as a whole URL", spell: (path) => `http://localhost${path}` },
];

function segments(path: string): readonly string[] {
  return path.replace(/^\//, "").split("/");
}

function eachSegment(path: string, change: (segment: string) => string): string {
  return `/${segments(path)
    .map((segment) => (segment === "" ? segment : change(segment)))
    .join("/")}`;
}

function encodeFirst(segment: string): string {
  const [first = ""] = segment;
  // One that stands for more than itself stays.
  if (first === "%") return segment;
  return (
    [...Buffer.from(first)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("") +
    segment.slice(first.length)
  );
}
