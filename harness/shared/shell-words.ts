/** A command line as a person would paste it: words that a POSIX shell would take apart are quoted. */
export function shellWords(words: readonly string[]): string {
  return words
    .map((word) =>
      /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith("#") ? word : `'${word.replaceAll("'", "'\\''")}'`,
    )
    .join(" ");
}
